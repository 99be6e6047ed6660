/// How to reach a Kafka cluster, and what else librdkafka is told.
public struct KafkaSettings: Sendable {
  /// The brokers to ask first, `host:port` separated by commas. Name three where there are three: a client whose only
  /// bootstrap broker is away cannot find the coordinators of its groups and transactions.
  public var bootstrapServers: String

  /// The name under which the brokers log this client. Keep it short.
  public var clientId: String

  /// Any other property of librdkafka by its own name, for instance `security.protocol`.
  /// Properties that Usher sets itself are refused when a client is made; see ``check()``.
  public var properties: [String: String]

  /// Receives librdkafka's log lines, on threads of librdkafka. The default drops them.
  public var log: @Sendable (_ level: KafkaLogLevel, _ facility: String, _ message: String) -> Void

  /// Settings for the cluster at `bootstrapServers`.
  public init(
    bootstrapServers: String,
    clientId: String = "usher",
    properties: [String: String] = [:],
    log: @escaping @Sendable (_ level: KafkaLogLevel, _ facility: String, _ message: String) -> Void = { _, _, _ in }
  ) {
    self.bootstrapServers = bootstrapServers
    self.clientId = clientId
    self.properties = properties
    self.log = log
  }

  /// Says whether librdkafka takes these settings, without connecting anywhere.
  /// - Throws: ``KafkaError`` of kind `settings` with one sentence about the first property that cannot stand.
  public func check() throws(KafkaError) {
    _ = try Configuration(common: self)
  }
}

/// How grave a log line of librdkafka is: the levels of syslog, the gravest first.
public enum KafkaLogLevel: Int32, Sendable, Comparable {
  /// Nothing works any more.
  case emergency = 0
  /// Somebody must act now.
  case alert = 1
  /// A critical condition.
  case critical = 2
  /// An error.
  case error = 3
  /// A warning.
  case warning = 4
  /// Normal, but worth noticing.
  case notice = 5
  /// Information.
  case info = 6
  /// Only of use to who looks for a fault.
  case debug = 7

  /// A lower level sorts first: `emergency < debug`.
  public static func < (left: KafkaLogLevel, right: KafkaLogLevel) -> Bool {
    left.rawValue < right.rawValue
  }
}
