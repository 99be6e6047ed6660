import CKafka
import Synchronization

/// Counts the transactional requests of a producer on their way to the brokers.
///
/// librdkafka sends a request again when its answer does not come, and does not tell. With Kafka's older transaction
/// protocol, which is the only one librdkafka speaks, a stray second end of a transaction may land on the next one and
/// tear it. So a producer that had to ask twice is used no more: its successor's epoch shuts the stray request out.
final class RequestWatch: Sendable {
  private let endsSent = Atomic<Int>(0)
  private let failed = Atomic<Bool>(false)

  /// True when a request of the current transaction may still be under way a second time.
  var sawDoubt: Bool {
    endsSent.load(ordering: .relaxed) > 1 || failed.load(ordering: .relaxed)
  }

  func beginTransaction() {
    endsSent.store(0, ordering: .relaxed)
  }

  /// Makes librdkafka report here. The watch must outlive the client.
  func install(in configuration: OpaquePointer) {
    rd_kafka_conf_interceptor_add_on_new(
      configuration, "usher",
      { client, _, opaque, _, _ in
        rd_kafka_interceptor_add_on_request_sent(client, "usher", onRequestSent, opaque)
        rd_kafka_interceptor_add_on_response_received(client, "usher", onResponseReceived, opaque)
        return RD_KAFKA_RESP_ERR_NO_ERROR
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  fileprivate static func at(_ opaque: UnsafeMutableRawPointer?) -> RequestWatch? {
    opaque.map { Unmanaged<RequestWatch>.fromOpaque($0).takeUnretainedValue() }
  }

  fileprivate func sent(_ request: Int16) {
    if request == RequestKind.endTransaction.rawValue { endsSent.add(1, ordering: .relaxed) }
  }

  fileprivate func answered(_ request: Int16, _ code: rd_kafka_resp_err_t) {
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
    switch RequestKind(rawValue: request) {
    case .produce, .addPartitionsToTransaction, .addOffsetsToTransaction, .endTransaction, .transactionOffsetCommit:
      failed.store(true, ordering: .relaxed)
    default: break
    }
  }
}

private func onRequestSent(
  _: OpaquePointer?, _: Int32, _: UnsafePointer<CChar>?, _: Int32, request: Int16, _: Int16, _: Int32, _: Int,
  opaque: UnsafeMutableRawPointer?
) -> rd_kafka_resp_err_t {
  RequestWatch.at(opaque)?.sent(request)
  return RD_KAFKA_RESP_ERR_NO_ERROR
}

private func onResponseReceived(
  _: OpaquePointer?, _: Int32, _: UnsafePointer<CChar>?, _: Int32, request: Int16, _: Int16, _: Int32, _: Int,
  _: Int64, code: rd_kafka_resp_err_t, opaque: UnsafeMutableRawPointer?
) -> rd_kafka_resp_err_t {
  RequestWatch.at(opaque)?.answered(request, code)
  return RD_KAFKA_RESP_ERR_NO_ERROR
}
