internal import Audiences
internal import Engine
internal import Events
internal import Kafka
internal import ProfileStore

/// The lane's producer and its topics: everything that a transaction holds is written here.
final class LaneWriter<World: LaneWorld> {
  private let producer: World.Writer
  private let outputs: Outputs
  private let changelog: World.Writer.Topic
  private let rejected: World.Writer.Topic?
  private let cutsRejected: Bool
  private var state: [UInt8] = []
  private var key: [UInt8] = []

  private static var timeoutMs: Int32 { 30_000 }
  /// A rejected record's value is left out above this, where its topic refuses large ones.
  private static var cutAboveBytes: Int { 65_536 }

  /// Fences every older producer of the lane, and warms this one.
  init(
    _ world: World, _ settings: LaneSettings, _ ground: LaneGround, cutsRejected: Bool = false
  ) throws(KafkaError) {
    self.cutsRejected = cutsRejected
    producer = try world.writer(transactionalId: settings.transactionalId)
    try producer.initialize(timeoutMs: Self.timeoutMs)
    let producer = producer
    func topic(_ name: String) throws(KafkaError) -> World.Writer.Topic? {
      ground.topics.contains(name) ? try producer.topic(name, timeoutMs: Self.timeoutMs) : nil
    }
    outputs = Outputs(
      warehouse: try topic(settings.warehouse), ads: try topic(settings.ads), members: try topic(settings.members),
      analytics: try topic(settings.analytics))
    changelog = try producer.topic(settings.changelog, timeoutMs: Self.timeoutMs)
    rejected = try topic(settings.rejected)
  }

  /// The topics that changes go to, as far as there are any.
  private struct Outputs {
    let warehouse: World.Writer.Topic?
    let ads: World.Writer.Topic?
    let members: World.Writer.Topic?
    let analytics: World.Writer.Topic?
  }

  var needsReplacement: Bool { producer.needsReplacement }

  /// Opens a transaction if none is open.
  func begin() throws(KafkaError) {
    if !producer.isInTransaction { try producer.begin() }
  }

  /// Writes a change to the topics of its audience's destinations.
  /// - Returns: whether the warehouse is one of them.
  func write(
    _ change: Change, as telling: ChangeTelling, from origin: ChangeOrigin, cause: Bytes
  ) throws(KafkaError) -> Bool {
    let route = telling.routes[change.audience]
    // Controls are the warehouse's alone, and updates are for ad platforms alone.
    let isControl = change.kind == .heldOut || change.kind == .holdoutEnded
    if route.ads, !isControl, let topic = outputs.ads { try write(change, as: telling, toAds: topic) }
    guard change.kind != .updated else { return false }
    if route.analytics, !isControl, let topic = outputs.analytics {
      let value = telling.track.write(change, for: .analytics, from: origin, cause: cause)
      try send(to: topic, partition: nil, key: change.profile.buffer, value: value.buffer)
    }
    guard route.warehouse, let topic = outputs.warehouse else { return false }
    let value = telling.track.write(change, from: origin, cause: cause)
    try send(to: topic, partition: nil, key: change.profile.buffer, value: value.buffer)
    return true
  }

  private func write(
    _ change: Change, as telling: ChangeTelling, toAds topic: World.Writer.Topic
  ) throws(KafkaError) {
    let value = telling.ads.write(change)
    try send(to: topic, partition: nil, key: telling.ads.key(of: change.profile).buffer, value: value.buffer)
    guard let members = outputs.members else { return }
    let member = telling.ads.writeMember(after: change)
    try send(to: members, partition: nil, key: telling.ads.memberKey(of: change).buffer, value: member?.buffer)
  }

  /// Writes that a profile is erased, to every topic that may have told of it.
  func write(erasureOf profile: Bytes, as telling: ChangeTelling, at instant: Instant) throws(KafkaError) {
    let value = telling.track.writeErasure(of: profile, at: instant)
    for topic in [outputs.warehouse, outputs.analytics] {
      if let topic { try send(to: topic, partition: nil, key: profile.buffer, value: value.buffer) }
    }
    guard let ads = outputs.ads else { return }
    let erasure = telling.ads.writeErasure(of: profile, at: instant)
    try send(to: ads, partition: nil, key: telling.ads.key(of: profile).buffer, value: erasure.buffer)
  }

  /// Writes a record that was rejected, whole, with what is known about it. False where there is no topic for it, or the
  /// topic takes no record that large: then all but its value is kept, which is in the input still.
  func write(rejected message: borrowing Message, because code: Rejection) throws(KafkaError) -> Bool {
    guard let rejected else { return false }
    var headers = [
      RecordHeader("usher.code", text: code.rawValue), RecordHeader("usher.reason", text: code.sentence),
      RecordHeader("usher.topic", text: message.topic), RecordHeader("usher.partition", text: "\(message.partition)"),
      RecordHeader("usher.offset", text: "\(message.offset)"),
      RecordHeader("usher.timestamp_ms", text: message.timestampMs.map { "\($0)" } ?? ""),
    ]
    guard cutsRejected, let size = message.value?.count, size > Self.cutAboveBytes else {
      try send(to: rejected, partition: nil, key: message.key, value: message.value, headers: headers)
      return true
    }
    headers.append(RecordHeader("usher.value_bytes", text: "\(size)"))
    try send(to: rejected, partition: nil, key: message.key, value: nil, headers: headers)
    return false
  }

  /// Writes the state of every profile of a task that has changed, and where the task stands. What is written is also put
  /// into the task's store, which commits it when Kafka has.
  /// - Returns: the record that says where the task stands.
  func writeState(of task: PartitionTask<World.Store>, by writer: TaskWriter) throws(KafkaError) -> [UInt8] {
    let partition = task.partition.partition
    for (key, value) in task.unwritten { try send(value, underKey: key, of: task) }
    for id in task.engine.erased { try send(nil, underKey: id, of: task) }
    for index in 0..<task.engine.dirtyCount {
      let profile = task.engine.dirtyState(index)
      ProfileCodec.encode(profile, plan: task.standing.inForce, into: &state)
      try send(to: changelog, partition: partition, key: profile.id.buffer, state: state)
      if let store = task.store { state.withUnsafeBytes { store.put(Bytes($0), of: profile.id, due: profile.due) } }
    }
    if let successor = task.successor, successor.isToBeKept { try writeState(of: successor, for: task) }
    let record = task.taskRecord(by: writer).bytes
    try send(to: changelog, partition: partition, key: Bytes.empty.buffer, state: record)
    return record
  }

  /// Writes what the log has come to under a plan that is to be in force.
  private func writeState(of successor: Successor, for task: PartitionTask<World.Store>) throws(KafkaError) {
    for id in successor.engine.erased {
      id.withUnsafeBytes { ChangelogKey.encode(filled: Bytes($0), into: &key) }
      try send(nil, underKey: key, of: task)
    }
    for index in 0..<successor.engine.dirtyCount {
      let profile = successor.engine.dirtyState(index)
      ProfileCodec.encode(profile, plan: successor.record.number, into: &state)
      ChangelogKey.encode(filled: profile.id, into: &key)
      try send(state, underKey: key, of: task)
    }
    task.standing.filling = successor.filling
  }

  /// Writes a record into a task's changelog, and puts it into its store.
  private func send(
    _ value: [UInt8]?, underKey key: [UInt8], of task: PartitionTask<World.Store>
  ) throws(KafkaError) {
    try key.withUnsafeBufferPointer { key throws(KafkaError) in
      let key = UnsafeRawBufferPointer(key)
      if let value {
        try send(to: changelog, partition: task.partition.partition, key: key, state: value)
        value.withUnsafeBytes { task.store?.put(Bytes($0), underKey: Bytes(key)) }
      } else {
        try send(to: changelog, partition: task.partition.partition, key: key, value: nil)
        task.store?.put(nil, underKey: Bytes(key))
      }
    }
  }

  /// Ends the transaction with the offsets up to which it has read.
  /// - Parameter member: whose membership in the group brokers check; nil where no group shares the partitions.
  func commit(_ offsets: [PartitionOffset], of group: String, member: World.Reader?) throws(KafkaError) {
    try producer.sendOffsets(offsets, of: group, member: member, timeoutMs: Self.timeoutMs)
    while true {
      do {
        return try producer.commit()
      } catch {
        guard error.fate == .retry else { throw error }
      }
    }
  }

  /// Gives the transaction up, as far as the brokers can still be told, and ends the producer.
  func close() {
    if producer.isInTransaction { try? producer.abort() }
    end()
  }

  /// Ends the producer. An open transaction is left to its successor, whose first act ends it.
  func end() {
    producer.close(timeoutMs: 5000)
  }

  private func send(
    to topic: World.Writer.Topic, partition: Int32, key: UnsafeRawBufferPointer, state: [UInt8]
  ) throws(KafkaError) {
    try state.withUnsafeBufferPointer { bytes throws(KafkaError) in
      try send(to: topic, partition: partition, key: key, value: UnsafeRawBufferPointer(bytes))
    }
  }

  /// Queues a record; where the queue is full, waits until the brokers have taken some of it.
  private func send(
    to topic: World.Writer.Topic, partition: Int32?, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    headers: [RecordHeader] = []
  ) throws(KafkaError) {
    while true {
      do {
        return try producer.produce(topic, partition: partition, key: key, value: value, headers: headers)
      } catch {
        guard error.kind == .queueFull else { throw reason(for: error) }
      }
    }
  }

  /// Why a transaction has failed already: whoever tries to commit it is told so.
  private func reason(for error: KafkaError) -> KafkaError {
    guard error.code == "_STATE", error.fate == .abort else { return error }
    do throws(KafkaError) {
      try producer.commit()
      return error
    } catch let reason {
      return reason
    }
  }
}
