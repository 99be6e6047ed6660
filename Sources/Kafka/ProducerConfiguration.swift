import CKafka

extension Configuration {
  /// The configuration of both kinds of producers.
  static func producer(_ settings: KafkaSettings, lingerMs: Int = 5) throws(KafkaError) -> Configuration {
    let made = try Configuration(common: settings)
    try made.set("enable.idempotence", "true")
    try made.set("partitioner", "murmur2_random")
    try made.set("delivery.report.only.error", "true")
    try made.set("compression.codec", "lz4", unlessIn: settings, orAs: "compression.type")
    try made.set("linger.ms", "\(lingerMs)", unlessIn: settings, orAs: "queue.buffering.max.ms")
    try made.set("message.max.bytes", "16777216", unlessIn: settings)
    try made.set("queue.buffering.max.messages", "500000", unlessIn: settings)
    return made
  }

  /// The configuration of a transactional producer.
  static func transactional(_ settings: KafkaSettings, id: String) throws(KafkaError) -> Configuration {
    // Nobody sees a record before the commit, which sends at once what is left: large batches cost the brokers less.
    let made = try producer(settings, lingerMs: 100)
    try made.set("transactional.id", id)
    // Until the broker gives an abandoned transaction up, readers of committed records wait.
    try made.set("transaction.timeout.ms", "10000", unlessIn: settings)
    try made.set("message.timeout.ms", "9000", unlessIn: settings, orAs: "delivery.timeout.ms")
    return made
  }

  /// Sets a property where the user has given it neither under this name nor under librdkafka's other one.
  private func set(
    _ name: String, _ value: String, unlessIn settings: KafkaSettings, orAs alias: String
  ) throws(KafkaError) {
    if settings.properties[alias] == nil { try set(name, value, unlessIn: settings) }
  }
}
