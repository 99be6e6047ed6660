// A real Kafka for tests. The environment variable USHER_TEST_KAFKA names the script that starts it; without it, the
// tests that need a real broker are skipped by name.
//
// The script's words: `start --dir DIR --port PORT [--brokers N] [--secure]` prints the bootstrap servers;
// `stop|wipe --dir DIR`; `kill|resume N --dir DIR`. Broker i listens on PORT + 10 * i, its controller one above, and
// with --secure a TLS listener with SASL PLAIN two above, whose certificate authority is DIR/ca.pem.

public import Foundation
public import Kafka

/// Brokers of their own on loopback, with a folder of their own. They are wiped when the test process ends, however
/// it ends.
public final class RealKafka: Sendable {
  /// True where the environment names the script.
  public static var isAvailable: Bool { script != nil }

  /// The one secure broker that a whole test run shares. Topics and groups need names of their own: see ``name(_:)``.
  public static let shared = Result { try RealKafka(brokers: 1, secure: true) }

  /// Where the brokers listen in plain text, as a super user.
  public let bootstrapServers: String
  /// The folder of the brokers.
  public let folder: URL
  /// The port of each broker's plain listener.
  public let brokerPorts: [UInt16]
  private let firstPort: UInt16

  private static let script = ProcessInfo.processInfo.environment["USHER_TEST_KAFKA"]

  /// Starts brokers on free ports; takes some seconds.
  public init(brokers: Int, secure: Bool) throws {
    guard let script = RealKafka.script else { throw Command.Failure(description: "USHER_TEST_KAFKA is not set") }
    let name = "usher-test-kafka-\(UUID().uuidString.prefix(8))"
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(name)
    let firstPort = try RealKafka.freePorts(brokers: brokers)
    self.firstPort = firstPort
    brokerPorts = (0..<brokers).map { firstPort + UInt16(10 * $0) }
    // A small shell wipes the brokers once this process has ended: its input ends then.
    try Command.spawnUntilEnd(
      "/bin/sh", ["-c", "trap '' INT TERM HUP; read line; exec \"$0\" wipe --dir \"$1\"", script, folder.path])
    let words = ["start", "--dir", folder.path, "--port", "\(firstPort)", "--brokers", "\(brokers)"]
    let answer = try Command.run(script, words + (secure ? ["--secure"] : []))
    bootstrapServers = answer.split(separator: "\n").last.map(String.init) ?? ""
  }

  /// A name that no other test uses.
  public static func name(_ what: String) -> String {
    "\(what)-\(UUID().uuidString.prefix(8).lowercased())"
  }

  /// Settings for the plain listener.
  public var settings: KafkaSettings { KafkaSettings(bootstrapServers: bootstrapServers) }

  /// Settings for the secure listener of the first broker.
  public func secureSettings(user: String, password: String) -> KafkaSettings {
    KafkaSettings(
      bootstrapServers: "127.0.0.1:\(firstPort + 2)",
      properties: [
        "security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN", "sasl.username": user, "sasl.password": password,
        "ssl.ca.location": folder.appendingPathComponent("ca.pem").path,
      ])
  }

  /// Broker `number` (from 0) dies at once, as in a crash.
  public func kill(broker number: Int) throws {
    try tool(["kill", "\(number)", "--dir", folder.path])
  }

  /// Broker `number` (from 0) comes back on its own data.
  public func resume(broker number: Int) throws {
    try tool(["resume", "\(number)", "--dir", folder.path])
  }

  /// Runs the script with these words.
  /// - Returns: what it printed.
  @discardableResult
  public func tool(_ words: [String]) throws -> String {
    guard let script = RealKafka.script else { throw Command.Failure(description: "USHER_TEST_KAFKA is not set") }
    return try Command.run(script, words)
  }

  /// A port below the ephemeral ones such that it and its neighbours are free, ten apart for each broker.
  private static func freePorts(brokers: Int) throws -> UInt16 {
    for _ in 0..<200 {
      let base = UInt16.random(in: 20_000..<32_000)
      let needed = (0..<brokers).flatMap { number in (0..<3).map { base + UInt16(10 * number + $0) } }
      if needed.allSatisfy(isFree) { return base }
    }
    throw Command.Failure(description: "no free block of ports was found")
  }

  private static func isFree(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
