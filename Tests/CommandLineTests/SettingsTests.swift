import Kafka
import Testing

@testable import usher

struct SettingsTests {
  private let verb = VerbDeclaration(name: "work", summary: "work", options: Settings.kafkaOptions)

  private func settings(
    file: String? = nil, environment: [String: String] = [:], _ words: String...
  ) throws -> Settings {
    let folder = try ScratchFolder()
    if let file { try folder.write(file, to: Settings.fileName) }
    return try Settings(Arguments(words + ["--project", folder.path], for: verb), environment: environment)
  }

  @Test func withoutAnythingThereIsNothing() throws {
    #expect(try settings().kafka.isEmpty)
  }

  @Test func theEnvironmentWinsOverTheFileAndOptionsOverBoth() throws {
    let file = "kafka:\n  bootstrap.servers: file:1\n  security.protocol: SSL\n  linger.ms: 5\n"
    let environment = ["USHER_KAFKA_BOOTSTRAP_SERVERS": "environment:2", "USHER_KAFKA_LINGER_MS": "7", "HOME": "x"]
    let fromBoth = try settings(file: file, environment: environment)
    #expect(
      fromBoth.kafka == ["bootstrap.servers": "environment:2", "security.protocol": "SSL", "linger.ms": "7"])
    let fromAll = try settings(
      file: file, environment: environment, "--bootstrap", "option:3", "--kafka", "linger.ms=9")
    #expect(fromAll.kafka == ["bootstrap.servers": "option:3", "security.protocol": "SSL", "linger.ms": "9"])
  }

  @Test func valuesMayHoldEqualSigns() throws {
    #expect(try settings("--kafka", "sasl.password=a=b").kafka == ["sasl.password": "a=b"])
  }

  @Test func anUnknownSettingNamesTheNearest() {
    let error = #expect(throws: Failure.self) { try settings(file: "kafak:\n  a: b\n") }
    #expect(error?.message.contains("did you mean 'kafka'?") == true)
    #expect(error?.message.contains("usher.yaml:1:1") == true)
  }

  @Test func noErrorShowsAValue() {
    let file = "kafka:\n  sasl.password: [hunter2]\n  sasl.username: hunter3\nkafk: hunter4\n"
    let error = #expect(throws: Failure.self) { try settings(file: file) }
    #expect(error?.message.contains("hunter") == false)
    #expect(error?.message.contains("'sasl.password' has no single value") == true)
  }

  @Test func aPropertyWithoutAValueIsRefused() {
    #expect(throws: Failure.self) { try settings("--kafka", "linger.ms") }
  }

  @Test func withoutBrokersTheAdviceNamesTheWaysToGiveThem() throws {
    let settings = try settings()
    let error = #expect(throws: Failure.self) { try settings.kafkaSettings() }
    #expect(error?.advice?.contains("--bootstrap") == true)
  }

  @Test func brokersAndClientIdAreNoMereProperties() throws {
    let file = "kafka: { bootstrap.servers: 'a:1', client.id: me, linger.ms: 5 }\n"
    let kafka = try settings(file: file).kafkaSettings()
    #expect(kafka.bootstrapServers == "a:1")
    #expect(kafka.clientId == "me")
    #expect(kafka.properties == ["linger.ms": "5"])
  }
}
