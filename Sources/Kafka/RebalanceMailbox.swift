import CKafka
import Synchronization

/// A rebalance that librdkafka asks for, waiting for the consumer's owner.
struct Rebalance: Sendable {
  let isAssignment: Bool
  let partitions: [TopicPartition]
  let lost: Bool
}

/// Where the rebalance callback leaves its question. librdkafka calls back inside `poll`, on the owner's thread; the
/// callback only writes the question down and makes `poll` return, so that the owner answers it in plain Swift.
final class RebalanceMailbox: Sendable {
  private struct State {
    var asked: Rebalance?
    var isClosing = false
  }
  private let state = Mutex(State())

  /// The question, once.
  func take() -> Rebalance? {
    state.withLock { state in
      defer { state.asked = nil }
      return state.asked
    }
  }

  /// True while a question waits to be taken.
  var isAsking: Bool { state.withLock { $0.asked != nil } }

  /// From here on every question is answered with "agreed": the owner has finished its work.
  func beginClosing() {
    state.withLock { $0.isClosing = true }
  }

  /// Makes librdkafka ask here.
  static func install(in configuration: OpaquePointer) {
    rd_kafka_conf_set_rebalance_cb(configuration) { client, code, partitions, opaque in
      guard let client, let opaque else { return }
      let reports = Unmanaged<ClientReports>.fromOpaque(opaque).takeUnretainedValue()
      reports.rebalances.ask(client, code, partitions)
    }
  }

  private func ask(
    _ client: OpaquePointer, _ code: rd_kafka_resp_err_t,
    _ list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
  ) {
    let isAssignment = code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS
    let isClosing = state.withLock { state in
      if !state.isClosing {
        state.asked = Rebalance(
          isAssignment: isAssignment, partitions: list.map(RebalanceMailbox.partitions) ?? [],
          lost: !isAssignment && rd_kafka_assignment_lost(client) != 0)
      }
      return state.isClosing
    }
    if isClosing {
      rd_kafka_assign(client, nil)
    } else {
      rd_kafka_yield(client)
    }
  }

  private static func partitions(
    of list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
  ) -> [TopicPartition] {
    (0..<Int(list.pointee.cnt)).map { index in
      let element = list.pointee.elems[index]
      return TopicPartition(String(cString: element.topic), element.partition)
    }
  }
}
