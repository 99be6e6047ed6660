public import Events
internal import Kafka

/// Where in the log of its events an application begins. Whoever has read some of it goes on where that ended.
public enum Beginning: Sendable, Equatable {
  /// At the oldest record that is there.
  case oldest
  /// At the first record of each partition that was recorded at the instant or later.
  case recorded(from: Instant)
  /// At that offset of every partition, or at the oldest record above it.
  case offset(Int64)

  private static let timeoutMs: Int32 = 30_000

  /// The offset at which each partition begins, if not at its oldest record.
  func offsets(of partitions: [TopicPartition], _ settings: LaneSettings) throws(KafkaError) -> [Int32: Int64] {
    if self == .oldest { return [:] }
    let consumer = try Consumer(settings.kafka, ConsumerOptions(group: settings.app))
    defer { consumer.close(timeoutMs: 5000) }
    var offsets: [Int32: Int64] = [:]
    switch self {
    case .oldest: break
    case .recorded(let instant):
      let found = try consumer.offsets(recordedFrom: instant.ms, partitions, timeoutMs: Self.timeoutMs)
      for (partition, offset) in found { offsets[partition.partition] = offset }
    case .offset(let offset):
      for partition in partitions {
        let range = try consumer.watermarks(partition, timeoutMs: Self.timeoutMs)
        offsets[partition.partition] = min(max(offset, range.low), range.high)
      }
    }
    return offsets
  }
}
