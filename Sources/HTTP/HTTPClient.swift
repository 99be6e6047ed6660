import CCurl

/// Sends requests one after the other, and keeps their connections alive. Owned by one thread.
///
/// Servers behind a proxy are reached as libcurl does everywhere: `https_proxy` and `no_proxy` in the environment.
public struct HTTPClient: ~Copyable {
  private let handle: UnsafeMutableRawPointer
  private let limits: HTTPLimits
  private let exchange = Exchange()

  /// libcurl wants to be made ready once, before any thread uses it.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

  /// A client. It connects with its first request.
  /// - Parameter mustStop: asked about once a second while a request is under way; true gives it up.
  public init(_ limits: HTTPLimits = HTTPLimits(), mustStop: @escaping () -> Bool = { false }) {
    guard Self.isReady, let handle = curl_easy_init() else { fatalError("out of memory: no room for an HTTP client") }
    self.handle = handle
    self.limits = limits
    exchange.mustStop = mustStop
    exchange.mostBytes = limits.answerBytes
  }

  deinit { curl_easy_cleanup(handle) }

  /// Sends a request and waits for its answer, of whatever status. Where a connection that was kept turns out to be at its
  /// end, the request goes over a new one.
  /// - Throws: ``HTTPError``. Except for kinds `address`, `unknownHost`, `cannotConnect` and `tls`, the server may have
  ///   taken the request all the same.
  public func send(_ request: HTTPRequest) throws(HTTPError) -> HTTPAnswer {
    guard !request.host.isEmpty else {
      throw HTTPError(.address, host: "", words: "", limits: limits)
    }
    exchange.begin()
    curl_easy_reset(handle)
    setUp()
    usher_curl_set_pointer(handle, CURLOPT_URL, request.url)
    usher_curl_set_pointer(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    var list: UnsafeMutablePointer<curl_slist>?
    for header in request.headers { list = curl_slist_append(list, "\(header.name): \(header.value)") }
    // Without it libcurl asks first whether a large body is welcome, and waits a second for servers that say nothing.
    list = curl_slist_append(list, "Expect:")
    defer { curl_slist_free_all(list) }
    usher_curl_set_pointer(handle, CURLOPT_HTTPHEADER, list)
    let code = request.body.withUnsafeBytes { body in
      if !body.isEmpty || request.method == .post || request.method == .put {
        usher_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        usher_curl_set_pointer(handle, CURLOPT_POSTFIELDS, body.baseAddress ?? UnsafeRawPointer(handle))
      }
      return curl_easy_perform(handle)
    }
    guard code == CURLE_OK else { throw error(code, request) }
    var status = 0
    usher_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return HTTPAnswer(status: status, headers: exchange.headers, body: exchange.body)
  }

  private func setUp() {
    usher_curl_set_pointer(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    for (option, value) in [
      (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
      (CURLOPT_CONNECTTIMEOUT_MS, limits.connectMs), (CURLOPT_TIMEOUT_MS, limits.wholeMs), (CURLOPT_NOPROGRESS, 0),
      (CURLOPT_TCP_KEEPALIVE, 1),
    ] {
      usher_curl_set_long(handle, option, value)
    }
    let context = Unmanaged.passUnretained(exchange).toOpaque()
    usher_curl_set_pointer(handle, CURLOPT_USERAGENT, "usher")
    usher_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    usher_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    usher_curl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
    usher_curl_set_receiver(handle, CURLOPT_WRITEFUNCTION) { Exchange.of($3)?.take($0, $1 * $2) ?? 0 }
    usher_curl_set_receiver(handle, CURLOPT_HEADERFUNCTION) { Exchange.of($3)?.take(header: $0, $1 * $2) ?? 0 }
    usher_curl_set_progress(handle) { context, _, _, _, _ in Exchange.of(context)?.mustStop() == true ? 1 : 0 }
  }

  private func error(_ code: CURLcode, _ request: HTTPRequest) -> HTTPError {
    let words = curl_easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
    let kind: HTTPError.Kind =
      switch code {
      case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .address
      case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unknownHost
      case CURLE_COULDNT_CONNECT: .cannotConnect
      case CURLE_OPERATION_TIMEDOUT: .timedOut
      case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR: .cut
      case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
        CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
        .tls
      case CURLE_WRITE_ERROR: exchange.isTooLarge ? .tooLarge : .other
      case CURLE_ABORTED_BY_CALLBACK: .stopped
      default: .other
      }
    return HTTPError(kind, host: request.host, words: words, limits: limits)
  }
}
