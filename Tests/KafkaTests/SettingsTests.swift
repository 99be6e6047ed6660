import Kafka
import Synchronization
import Testing

@Suite("Kafka settings")
struct SettingsTests {
  private func settings(_ properties: [String: String]) -> KafkaSettings {
    KafkaSettings(bootstrapServers: "127.0.0.1:1", properties: properties)
  }

  @Test(
    "refuse a property that Usher sets itself",
    arguments: [
      "enable.auto.commit", "enable.auto.offset.store", "isolation.level", "transactional.id", "group.id",
      "group.instance.id", "enable.idempotence", "partition.assignment.strategy", "enable.partition.eof",
      "bootstrap.servers", "metadata.broker.list", "partitioner", "acks", "auto.offset.reset", "client.id",
    ])
  func owned(property: String) throws {
    let error = try kafkaError { try settings([property: "1"]).check() }
    #expect(error.kind == .settings)
    #expect(error.sentence.contains("'\(property)' cannot be given, because Usher sets it"))
    #expect(throws: KafkaError.self) { try Producer(settings([property: "1"])) }
    #expect(throws: KafkaError.self) { try Consumer(settings([property: "1"]), ConsumerOptions(group: "g")) }
  }

  @Test("name an unknown property")
  func unknown() throws {
    let error = try kafkaError { try settings(["sesion.timeout.ms": "6000"]).check() }
    #expect(error.sentence.contains("'sesion.timeout.ms' is unknown to librdkafka"))
  }

  @Test("say what is wrong with a value")
  func badValue() throws {
    let error = try kafkaError { try settings(["socket.timeout.ms": "soon"]).check() }
    #expect(error.sentence.contains("'socket.timeout.ms'"))
    #expect(error.sentence.contains("Invalid value"))
  }

  @Test(
    "never show the value of a secret", arguments: ["ssl.key.pem", "enable.sasl.oauthbearer.unsecure.jwt"])
  func secrets(property: String) throws {
    let settings = settings([property: "hunter2-secret", "security.protocol": "SSL"])
    let error = try kafkaError {
      try settings.check()
      _ = try Producer(settings)
    }
    #expect(error.kind == .settings)
    #expect(!"\(error)".contains("hunter2"))
  }

  @Test("say what librdkafka refuses only when the client is made")
  func contradiction() throws {
    let error = try kafkaError {
      _ = try TransactionalProducer(settings(["transaction.timeout.ms": "1000"]), transactionalId: "x")
    }
    #expect(error.kind == .settings)
    #expect(error.sentence.contains("transaction.timeout.ms"))
  }

  @Test("want bootstrap servers")
  func noServers() throws {
    let error = try kafkaError { try KafkaSettings(bootstrapServers: "").check() }
    #expect(error.sentence.contains("bootstrap"))
  }

  @Test("pass any other property on")
  func passThrough() throws {
    try settings(["socket.timeout.ms": "5000", "linger.ms": "0", "fetch.min.bytes": "10", "compression.type": "zstd"])
      .check()
  }

  @Test("take the log lines of librdkafka")
  func logLines() throws {
    let collector = Collector()
    var settings = settings(["debug": "generic"])
    settings.log = { level, facility, message in collector.add("\(level) \(facility) \(message)") }
    let producer = try Producer(settings)
    producer.close(timeoutMs: 10_000)
    #expect(!collector.lines.isEmpty)
  }
}

/// Gathers lines from any thread.
final class Collector: Sendable {
  private let state = Mutex<[String]>([])
  var lines: [String] { state.withLock { $0 } }
  func add(_ line: String) { state.withLock { $0.append(line) } }
}
