/// What a server answered.
public struct HTTPAnswer: Sendable, Equatable {
  /// The status, for instance 200.
  public var status: Int
  /// The body.
  public var body: [UInt8]
  private var headers: [String: String]

  /// An answer. Of headers of one name the last one counts.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.status = status
    self.body = body
    self.headers = [:]
    for header in headers { self.headers[header.name.lowercased()] = header.value }
  }

  /// The value of a header, whatever the case of its name; nil where there is none.
  public subscript(header name: String) -> String? { headers[name.lowercased()] }

  /// The body read as UTF-8.
  public var text: String { String(decoding: body, as: UTF8.self) }
}

extension HTTPAnswer {
  /// How long the server wants to be left alone by its header `Retry-After` (RFC 9110, section 10.2.3): seconds, or a
  /// date. In milliseconds; nil where it does not say, or says what is neither.
  /// - Parameter nowMs: the time of day, in milliseconds since 1970.
  public func retryAfterMs(at nowMs: Int64) -> Int64? {
    guard let value = self[header: "retry-after"] else { return nil }
    if let ms = Self.milliseconds(ofSeconds: value) { return ms }
    return HTTPDate.ms(value).map { max(0, $0 - nowMs) }
  }

  /// How long until a limit of the server ends by its header `X-RateLimit-Reset`: seconds from now or, where the number
  /// is too large for that, since 1970. In milliseconds; nil where it does not say.
  /// - Parameter nowMs: the time of day, in milliseconds since 1970.
  public func rateLimitResetMs(at nowMs: Int64) -> Int64? {
    guard let ms = self[header: "x-ratelimit-reset"].flatMap(Self.milliseconds) else { return nil }
    return ms < 1_000_000_000_000 ? ms : max(0, ms - nowMs)
  }

  /// Whole seconds or a fraction of them, not negative, as milliseconds.
  private static func milliseconds(ofSeconds text: String) -> Int64? {
    guard let first = text.utf8.first, (0x30...0x39).contains(first), let seconds = Double(text), seconds < 1e12 else {
      return nil
    }
    return Int64((seconds * 1000).rounded(.up))
  }
}
