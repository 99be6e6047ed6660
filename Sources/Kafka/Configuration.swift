import CKafka

/// One configuration of librdkafka while it is filled: owned here until a client takes it.
struct Configuration: ~Copyable {
  private let handle: OpaquePointer

  /// The properties that every client shares, then what the user gave; the user's word wins over a default.
  init(common settings: KafkaSettings) throws(KafkaError) {
    handle = rd_kafka_conf_new()
    for name in settings.properties.keys.sorted() {
      if let instead = PropertyRules.owned[name] {
        throw .settings("Kafka property '\(name)' cannot be given, because Usher sets it: \(instead)")
      }
    }
    guard !settings.bootstrapServers.isEmpty else {
      throw .settings("no Kafka bootstrap servers are given: set `bootstrap_servers`, or USHER_KAFKA_BOOTSTRAP_SERVERS")
    }
    for (name, value) in Configuration.defaults { try set(name, value) }
    for name in settings.properties.keys.sorted() { try set(name, settings.properties[name] ?? "") }
    try set("bootstrap.servers", settings.bootstrapServers)
    try set("client.id", settings.clientId)
  }

  deinit {
    rd_kafka_conf_destroy(handle)
  }

  /// What Usher prefers where the user says nothing.
  private static let defaults = [
    ("socket.nagle.disable", "true"),
    ("socket.keepalive.enable", "true"),
    ("retry.backoff.ms", "150"),
    ("reconnect.backoff.max.ms", "2000"),
    ("log.connection.close", "false"),
  ]

  /// Sets one property.
  /// - Throws: ``KafkaError`` of kind `settings`, with librdkafka's own reason, and without the value of a secret.
  func set(_ name: String, _ value: String) throws(KafkaError) {
    let (result, reason) = withErrorText { text, capacity in
      rd_kafka_conf_set(handle, name, value, text, capacity)
    }
    switch result {
    case RD_KAFKA_CONF_OK:
      return
    case RD_KAFKA_CONF_UNKNOWN:
      throw .settings("Kafka property '\(name)' is unknown to librdkafka \(KafkaLibrary.version); check its spelling")
    default:
      let why = PropertyRules.isSensitive(name) ? "its value is not valid (not shown, it may be a secret)" : reason
      throw .settings("Kafka property '\(name)' cannot be used: \(why)")
    }
  }

  /// Sets a property where the user has not given it.
  func set(_ name: String, _ value: String, unlessIn settings: KafkaSettings) throws(KafkaError) {
    if settings.properties[name] == nil { try set(name, value) }
  }

  /// Lets `body` install callbacks.
  func withHandle(_ body: (OpaquePointer) -> Void) {
    body(handle)
  }

  /// Gives the configuration up to a client that is about to be made.
  consuming func take() -> OpaquePointer {
    let handle = handle
    discard self
    return handle
  }
}

/// Calls `body` with a buffer for librdkafka's error text, and returns its result with that text.
func withErrorText<Result>(
  _ body: (UnsafeMutablePointer<CChar>?, Int) -> Result
) -> (Result, String) {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
    buffer.initialize(repeating: 0)
    let result = body(buffer.baseAddress, buffer.count)
    return (result, String(cString: buffer.baseAddress!))
  }
}
