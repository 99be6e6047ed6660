import Kafka

extension Settings {
  /// The settings as the Kafka room takes them.
  func kafkaSettings() throws(Failure) -> KafkaSettings {
    var properties = kafka
    guard let brokers = properties.removeValue(forKey: "bootstrap.servers"), !brokers.isEmpty else {
      throw Failure(
        message: "no Kafka brokers are given",
        advice: "Give --bootstrap HOST:PORT, or set USHER_KAFKA_BOOTSTRAP_SERVERS, "
          + "or bootstrap.servers under kafka: in \(path(Self.fileName)).")
    }
    let client = properties.removeValue(forKey: "client.id") ?? "usher"
    return KafkaSettings(bootstrapServers: brokers, clientId: client, properties: properties)
  }
}

extension Failure {
  /// Something that Kafka did not do.
  init(_ error: KafkaError) { self.init(message: error.description) }
}
