internal import Events
internal import Kafka
internal import ProfileStore

/// Looks at the end of a changelog: who has written there last.
struct ChangelogTail<World: LaneWorld> {
  private let world: World
  private let settings: LaneSettings
  private static var timeoutMs: Int32 { 30_000 }
  /// A transaction ends with its task records, so a few offsets are enough. Where all of them belong to a transaction that
  /// was given up, nothing is known, and the lane goes on: it finds out when it signs.
  private static var offsets: Int64 { 1000 }

  init(_ world: World, _ settings: LaneSettings) {
    self.world = world
    self.settings = settings
  }

  /// The last writers of the states of these partitions of the input.
  func writers(of partitions: [TopicPartition]) throws(KafkaError) -> Set<TaskWriter> {
    Set(try records(of: partitions).values.compactMap(\.writer))
  }

  /// Where these partitions of the input stand, by their numbers: the last of their task records.
  func records(of partitions: [TopicPartition]) throws(KafkaError) -> [Int32: TaskRecord] {
    let consumer = try world.reader(ConsumerOptions(group: settings.app), waitMs: 10)
    defer { consumer.close(timeoutMs: 5000) }
    var starts: [(TopicPartition, StartOffset)] = []
    for partition in partitions.map({ TopicPartition(settings.changelog, $0.partition) }) {
      let range = try consumer.watermarks(partition, timeoutMs: Self.timeoutMs)
      if range.high > range.low { starts.append((partition, .at(max(range.low, range.high - Self.offsets)))) }
    }
    try consumer.assign(starts)
    var unread = Set(starts.map(\.0.partition))
    var last: [Int32: TaskRecord] = [:]
    while !unread.isEmpty {
      switch try consumer.poll(timeoutMs: 100) {
      case .message(let message):
        guard let key = message.key, key.isEmpty, let value = message.value else { continue }
        if let record = try? TaskRecord(Bytes(value)) { last[message.partition] = record }
      case .endOfPartition(let partition, _): unread.remove(partition.partition)
      default: break
      }
    }
    return last
  }
}
