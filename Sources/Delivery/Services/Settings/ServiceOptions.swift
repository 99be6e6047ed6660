/// What every destination over HTTP can be told.
public struct ServiceOptions: Sendable, Equatable {
  /// The address of its requests.
  public var url: String
  /// How many requests it gets in a second at most.
  public var requestsPerSecond: Int
  /// How long a request may take, in milliseconds.
  public var timeoutMs = 30_000
  /// Which of the traits that an audience includes go out: none but these.
  public var traits: [String] = []

  /// Options with the usual values of a kind.
  public init(url: String, requestsPerSecond: Int) {
    self.url = url
    self.requestsPerSecond = requestsPerSecond
  }

  static let keys = ["url", "requests_per_second", "timeout_ms", "traits"]
  static let meant = [
    "endpoint": "url", "uri": "url", "rate": "requests_per_second", "timeout": "timeout_ms", "include": "traits",
  ]

  /// Reads them from the fields of a file; mistakes are noted.
  mutating func read(_ fields: inout DestinationFields) {
    if let text = fields.url("url") { url = text }
    requestsPerSecond = fields.number("requests_per_second", atMost: 10_000) ?? requestsPerSecond
    timeoutMs = fields.number("timeout_ms", atMost: 120_000) ?? timeoutMs
    traits = fields.texts("traits", expected: "a list of traits' names") ?? traits
  }
}
