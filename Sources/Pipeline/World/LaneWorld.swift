package import Events
package import Kafka
package import ProfileStore

/// What a lane stands on: Kafka, a disk, and clocks. The product's is ``KafkaWorld``; the tests simulate another one, so
/// that a lane can be shown every fault that there is, in an order that one number decides.
///
/// A lane does nothing but through its world: it reads no clock, draws no number and waits for nothing by itself.
package protocol LaneWorld {
  associatedtype Reader: LogReader
  associatedtype Writer: LogWriter where Writer.Reader == Reader
  associatedtype Store: LaneStore

  /// A consumer.
  /// - Parameter waitMs: how long a broker may wait for records before it answers that there are none.
  func reader(_ options: ConsumerOptions, waitMs: Int) throws(KafkaError) -> Reader

  /// A producer that has not been initialised.
  func writer(transactionalId: String) throws(KafkaError) -> Writer

  /// How many members a consumer group has.
  func memberCount(ofGroup group: String, timeoutMs: Int32) throws(KafkaError) -> Int

  /// How many bytes of memory engines may take, all lanes of the process together; nil where no profile is on disk.
  var engineBytes: Int? { get }

  /// Opens the store of a partition; makes it where there is none.
  func openStore(_ partition: Int32) throws(StoreError) -> Store

  /// Puts the store in a folder out of the way, so that a new one can be made.
  /// - Returns: where it is now.
  func setAsideStore(in folder: String) throws(StoreError) -> String

  /// Milliseconds of a clock that never goes back, for intervals.
  func monotonicMs() -> Int64

  /// The time of day.
  func systemNow() -> Instant

  /// Waits so long, or until the flag is raised.
  func wait(ms: Int64, unless stop: StopFlag)

  /// A number that nobody else draws.
  func randomNumber() -> UInt64
}

/// A consumer: see `Consumer`, whose words these are.
package protocol LogReader: AnyObject {
  var assignment: [TopicPartition] { get }
  var connectionTrouble: KafkaError? { get }
  func poll(timeoutMs: Int32) throws(KafkaError) -> Polled
  func subscribe(_ topics: [String]) throws(KafkaError)
  func assign(_ starts: [(TopicPartition, StartOffset)]) throws(KafkaError)
  func acceptAssignment(startingAt starts: [TopicPartition: StartOffset]) throws(KafkaError)
  func acceptRevocation() throws(KafkaError)
  func committed(_ partitions: [TopicPartition], timeoutMs: Int32) throws(KafkaError) -> [TopicPartition: Int64]
  func watermarks(_ partition: TopicPartition, timeoutMs: Int32) throws(KafkaError) -> Watermarks
  func fetchedEnd(_ partition: TopicPartition) -> Int64?
  func leave(timeoutMs: Int32) -> Bool
  @discardableResult func close(timeoutMs: Int32) -> Bool
}

extension LogReader {
  /// Reads these partitions from now on. A reader that knows no broker yet is asked something first, for nothing but the
  /// way there: librdkafka looks for leaders only once a second where it knows none.
  func assignAtOnce(_ starts: [(TopicPartition, StartOffset)], timeoutMs: Int32) throws(KafkaError) {
    if let first = starts.first { _ = try watermarks(first.0, timeoutMs: timeoutMs) }
    try assign(starts)
  }
}

/// A transactional producer: see `TransactionalProducer`, whose words these are.
package protocol LogWriter: AnyObject {
  associatedtype Reader: LogReader
  associatedtype Topic

  var needsReplacement: Bool { get }
  var isInTransaction: Bool { get }
  func initialize(timeoutMs: Int32) throws(KafkaError)
  func topic(_ name: String, timeoutMs: Int32) throws(KafkaError) -> Topic
  func begin() throws(KafkaError)
  func produce(
    _ topic: Topic, partition: Int32?, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    headers: [RecordHeader]
  ) throws(KafkaError)
  /// - Parameter member: whose membership in the group the broker checks; nil where no group shares the partitions.
  func sendOffsets(
    _ offsets: [PartitionOffset], of group: String, member: Reader?, timeoutMs: Int32
  ) throws(KafkaError)
  func commit() throws(KafkaError)
  func abort() throws(KafkaError)
  @discardableResult func close(timeoutMs: Int32) -> Bool
}
