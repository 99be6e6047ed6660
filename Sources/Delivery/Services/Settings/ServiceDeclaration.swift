import HTTP

/// A destination over HTTP as its file declares it.
public protocol ServiceDeclaration: Sendable, Equatable {
  /// What speaks to it.
  associatedtype Made: Service

  /// What every such destination can be told.
  var options: ServiceOptions { get }

  /// What speaks to it.
  /// - Parameters:
  ///   - name: the destination's name.
  ///   - places: where its secrets are.
  /// - Throws: ``DestinationError`` where a secret is not where it is said to be.
  func service(_ name: String, _ places: SecretPlaces) throws(DestinationError) -> Made
}

extension ServiceDeclaration {
  /// Makes the destination ready; nothing is connected before its first request.
  /// - Parameters:
  ///   - name: its name.
  ///   - places: where its secrets are.
  ///   - show: for a dry run, who is shown the requests, with secrets masked: nothing is sent then.
  ///   - shouldStop: asked while waiting, and while a request is under way.
  /// - Throws: ``DestinationError`` where a secret is not where it is said to be.
  public func open(
    _ name: String, _ places: SecretPlaces, showing show: ((String) -> Void)? = nil,
    shouldStop: @escaping () -> Bool = { false }
  ) throws(DestinationError) -> HTTPDestination<Made> {
    var limits = HTTPLimits()
    limits.wholeMs = options.timeoutMs
    limits.connectMs = min(limits.connectMs, options.timeoutMs)
    let stop = PatientStop(patienceMs: HTTPDestination<Made>.turnMs, shouldStop)
    let transport: Transport = show.map { .reader($0) } ?? .client(HTTPClient(limits) { stop.isDue })
    return HTTPDestination(
      try service(name, places), place: "'\(name)' at \(HTTPRequest.host(of: options.url))",
      requestsPerSecond: options.requestsPerSecond, transport, stop)
  }
}
