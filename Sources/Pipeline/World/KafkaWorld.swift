package import Events
package import Kafka
package import ProfileStore

/// Brokers, folders, and the clocks of this machine.
package struct KafkaWorld: LaneWorld {
  package typealias Store = TaskStore<WriteBehind<DiskStore>>

  let settings: LaneSettings
  /// Where profiles are kept on disk; nil where all are in memory.
  let state: StateFolder?

  /// The world of lanes with these settings.
  package init(_ settings: LaneSettings) {
    self.settings = settings
    state = settings.stateFolder
  }

  package func reader(_ options: ConsumerOptions, waitMs: Int) throws(KafkaError) -> Consumer {
    try Consumer(settings.reading(waitMs: waitMs), options)
  }

  package func writer(transactionalId: String) throws(KafkaError) -> TransactionalProducer {
    try TransactionalProducer(settings.writing, transactionalId: transactionalId)
  }

  package func memberCount(ofGroup group: String, timeoutMs: Int32) throws(KafkaError) -> Int {
    let admin = try Admin(settings.kafka)
    defer { admin.close(timeoutMs: 5000) }
    return try admin.memberCount(ofGroup: group, timeoutMs: timeoutMs)
  }

  package var engineBytes: Int? { state?.engineBytes }

  package func openStore(_ partition: Int32) throws(StoreError) -> Store {
    guard let state else { preconditionFailure("a store where all profiles are in memory") }
    return try state.open(partition)
  }

  package func setAsideStore(in folder: String) throws(StoreError) -> String { try DiskStore.setAside(folder: folder) }

  package func monotonicMs() -> Int64 { WallClock.monotonicMs() }

  package func systemNow() -> Instant { WallClock.system.now() }

  package func wait(ms: Int64, unless stop: StopFlag) { stop.wait(ms: ms) }

  package func randomNumber() -> UInt64 { UInt64.random(in: 0 ... .max) }
}

extension Consumer: LogReader {}

extension TransactionalProducer: LogWriter {
  package func produce(
    _ topic: ProducerTopic, partition: Int32?, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    headers: [RecordHeader]
  ) throws(KafkaError) {
    try produce(topic, partition: partition, key: key?.bytes, value: value?.bytes, timestampMs: nil, headers: headers)
  }

  package func sendOffsets(
    _ offsets: [PartitionOffset], of group: String, member: Consumer?, timeoutMs: Int32
  ) throws(KafkaError) {
    let metadata = member?.groupMetadata() ?? GroupMetadata(withoutMemberIn: group)
    try sendOffsets(offsets, group: metadata, timeoutMs: timeoutMs)
  }
}
