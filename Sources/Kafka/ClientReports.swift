import CKafka
import Synchronization

/// What librdkafka told a client through its callbacks: log lines, trouble with connections, records not delivered.
/// It outlives the client, because the client holds it.
final class ClientReports: Sendable {
  /// The last trouble with connections that was reported.
  struct ConnectionError: Sendable {
    let code: rd_kafka_resp_err_t
    let reason: String
  }

  /// The questions of a consumer's group.
  let rebalances = RebalanceMailbox()

  private let log: @Sendable (KafkaLogLevel, String, String) -> Void
  private let connection = Mutex<ConnectionError?>(nil)
  private let failures = Mutex<DeliveryFailures?>(nil)

  init(log: @escaping @Sendable (KafkaLogLevel, String, String) -> Void) {
    self.log = log
  }

  var connectionError: ConnectionError? { connection.withLock { $0 } }

  /// After a success, old trouble explains nothing.
  func forgetConnectionError() {
    connection.withLock { $0 = nil }
  }

  /// The records that were given up since the last call, or nil when there are none.
  func takeDeliveryFailures() -> DeliveryFailures? {
    failures.withLock { failures in
      defer { failures = nil }
      return failures
    }
  }

  /// Makes librdkafka call back here.
  func install(in configuration: OpaquePointer) {
    rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(self).toOpaque())
    rd_kafka_conf_set_log_cb(configuration) { client, level, facility, line in
      guard let client, let facility, let line, let opaque = rd_kafka_opaque(client) else { return }
      ClientReports.at(opaque).note(line: String(cString: line), String(cString: facility), level)
    }
    rd_kafka_conf_set_error_cb(configuration) { _, code, reason, opaque in
      guard let opaque else { return }
      let code = rd_kafka_resp_err_t(rawValue: code)
      ClientReports.at(opaque).note(code, reason.map { String(cString: $0) } ?? "")
    }
    rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, opaque in
      guard let message, let opaque, message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
      ClientReports.at(opaque).noteFailure(of: message.pointee)
    }
  }

  private static func at(_ opaque: UnsafeMutableRawPointer) -> ClientReports {
    Unmanaged<ClientReports>.fromOpaque(opaque).takeUnretainedValue()
  }

  private func note(line: String, _ facility: String, _ level: Int32) {
    // One list of properties serves consumers and producers, so each kind would warn of those of the other.
    if facility == "CONFWARN", line.contains("will be ignored by this") { return }
    log(KafkaLogLevel(rawValue: level) ?? .debug, facility, line)
  }

  private func note(_ code: rd_kafka_resp_err_t, _ reason: String) {
    let kind = ErrorCodes.kind(of: code)
    guard kind == .unreachable || kind == .authentication else { return }
    connection.withLock { last in
      // `All brokers down` follows each real reason and must not hide it.
      if kind == .unreachable, let last, ErrorCodes.kind(of: last.code) == .authentication { return }
      last = ConnectionError(code: code, reason: reason)
    }
  }

  private func noteFailure(of message: rd_kafka_message_t) {
    let topic = rd_kafka_topic_name(message.rkt).map { String(cString: $0) } ?? ""
    failures.withLock { failures in
      if failures == nil {
        failures = DeliveryFailures(
          code: message.err, partition: TopicPartition(topic, message.partition), count: 0)
      }
      failures?.count += 1
    }
  }
}

/// Records that librdkafka gave up: how many, and what happened to the first.
struct DeliveryFailures: Sendable {
  let code: rd_kafka_resp_err_t
  let partition: TopicPartition
  var count: Int

  /// How many, as the start of a sentence.
  var phrase: String { count == 1 ? "1 record was not delivered" : "\(count) records were not delivered" }
}
