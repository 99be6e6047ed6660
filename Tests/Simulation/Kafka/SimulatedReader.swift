import Judge
import Kafka
import Pipeline

/// A consumer of the simulated brokers.
final class SimulatedReader: LogReader, GroupClient {
  private enum Delivery {
    case record(MessageCopy)
    case end(TopicPartition, Int64)
  }

  private enum Question {
    case assigned([TopicPartition], generation: Int)
    case revoked(lost: Bool)
  }

  private let process: SimulatedProcess
  private let options: ConsumerOptions
  private var cluster: Cluster { process.cluster }
  private var schedule: Schedule { process.schedule }
  private var isClosed = false

  // What it reads.
  private(set) var assignment: [TopicPartition] = []
  private var positions: [TopicPartition: Int64] = [:]
  private var endsTold: [TopicPartition: Int64] = [:]
  private var fetchedEnds: [TopicPartition: Int64] = [:]
  private var buffer: [Delivery] = []
  private var delivered = 0
  private var isTroubled = false

  // Who it is in its group.
  private var topic: String?
  private var memberId: String?
  private(set) var lastMemberId = ""
  private(set) var generation = -1
  private var questions: [Question] = []
  private var asked: Question?
  private var isRevoking = false
  private var fencing: KafkaError?

  init(_ process: SimulatedProcess, _ options: ConsumerOptions) {
    self.process = process
    self.options = options
  }

  var connectionTrouble: KafkaError? { isTroubled ? Errors.unreachable : nil }

  // MARK: Reading

  func poll(timeoutMs: Int32) throws(KafkaError) -> Polled {
    try process.check()
    switch asked {
    case nil: break
    case .assigned: try acceptAssignment(startingAt: [:])
    case .revoked: try acceptRevocation()
    }
    if let question = nextQuestion() { return question }
    if let fencing {
      self.fencing = nil
      throw fencing
    }
    if let next = try nextDelivery() { return next }
    let startMs = schedule.nowMs
    try fetch()
    if let question = nextQuestion() { return question }
    if let next = try nextDelivery() { return next }
    try process.sleep(ms: max(1, Int64(timeoutMs) - (schedule.nowMs - startMs)))
    return nextQuestion() ?? .nothing
  }

  private func nextQuestion() -> Polled? {
    guard !questions.isEmpty else { return nil }
    asked = questions.removeFirst()
    buffer = []
    delivered = 0
    switch asked {
    case .assigned(let partitions, _): return .assigned(partitions)
    case .revoked(let lost): return .revoked(assignment, lost: lost)
    case nil: return nil
    }
  }

  private func nextDelivery() throws(KafkaError) -> Polled? {
    guard delivered < buffer.count else { return nil }
    defer { delivered += 1 }
    switch buffer[delivered] {
    case .record(let copy): return .message(Message(copy))
    case .end(let partition, let offset): return .endOfPartition(partition, offset: offset)
    }
  }

  private func fetch() throws(KafkaError) {
    buffer = []
    delivered = 0
    guard !assignment.isEmpty else { return }
    try process.sleep(ms: process.latencyMs())
    isTroubled = cluster.isDown || schedule.chance.perMille(cluster.disturbancePerMille)
    if isTroubled { return }
    var partitions = assignment
    partitions.swapAt(0, schedule.chance.below(partitions.count))
    for partition in partitions {
      try fetch(partition, most: 1 + schedule.chance.below(cluster.mostPerFetch[partition.topic] ?? 60))
    }
    try process.sleep(ms: process.latencyMs())
  }

  private func fetch(_ partition: TopicPartition, most: Int) throws(KafkaError) {
    let log = cluster.log(partition)
    var position = positions[partition] ?? 0
    if position > log.end {
      if options.withoutOffset == .fail { throw Errors.outOfRange(partition) }
      position = options.withoutOffset == .end ? log.end : 0
    }
    // After a change of leader some come twice.
    if schedule.chance.perMille(cluster.disturbancePerMille) { position = max(0, position - 3) }
    fetchedEnds[partition] = log.end
    let stableEnd = options.readsUncommitted ? log.end : log.stableEnd
    var count = 0
    while count < most, let next = log.next(from: position, below: stableEnd, committedOnly: !options.readsUncommitted)
    {
      let entry = log.entries[Int(next)]
      buffer.append(
        .record(
          MessageCopy(
            topic: partition.topic, partition: partition.partition, offset: next, timestampMs: entry.timestampMs,
            key: entry.key, value: entry.value)))
      position = next + 1
      count += 1
    }
    if count < most {
      position = max(position, stableEnd)
      if options.reportsEndOfPartition, endsTold[partition] != position {
        endsTold[partition] = position
        buffer.append(.end(partition, position))
      }
    }
    positions[partition] = position
  }

  func assign(_ starts: [(TopicPartition, StartOffset)]) throws(KafkaError) {
    try process.check()
    assignment = starts.map(\.0)
    positions = [:]
    endsTold = [:]
    fetchedEnds = [:]
    buffer = []
    delivered = 0
    for (partition, start) in starts {
      switch start {
      case .at(let offset): positions[partition] = offset
      case .beginning: positions[partition] = 0
      case .end: positions[partition] = cluster.log(partition).end
      case .committed: positions[partition] = cluster.groups.committed(partition, group: options.group) ?? 0
      }
    }
  }

  func committed(
    _ partitions: [TopicPartition], timeoutMs: Int32
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    let endMs = schedule.nowMs + Int64(timeoutMs)
    while true {
      try process.ask("read the committed offsets", untilMs: endMs)
      if !partitions.contains(where: { cluster.transactions.isUnstable($0, group: options.group) }) { break }
      guard schedule.nowMs < endMs else {
        throw KafkaError(
          kind: .other, code: "UNSTABLE_OFFSET_COMMIT", operation: "read the committed offsets", fate: .retry)
      }
      try process.sleep(ms: 50)
    }
    var offsets: [TopicPartition: Int64] = [:]
    for partition in partitions { offsets[partition] = cluster.groups.committed(partition, group: options.group) }
    return offsets
  }

  func watermarks(_ partition: TopicPartition, timeoutMs: Int32) throws(KafkaError) -> Watermarks {
    try process.ask("read the end of \(partition)", untilMs: schedule.nowMs + Int64(timeoutMs))
    let log = cluster.log(partition)
    return Watermarks(low: 0, high: options.readsUncommitted ? log.end : log.stableEnd)
  }

  func fetchedEnd(_ partition: TopicPartition) -> Int64? { fetchedEnds[partition] }

  // MARK: The group

  func subscribe(_ topics: [String]) throws(KafkaError) {
    try process.check()
    topic = topics.first
    join()
    beat()
  }

  func acceptAssignment(startingAt starts: [TopicPartition: StartOffset]) throws(KafkaError) {
    try process.check()
    guard case .assigned(let partitions, _) = asked else { return }
    asked = nil
    try assign(partitions.map { ($0, starts[$0] ?? .committed) })
  }

  func acceptRevocation() throws(KafkaError) {
    try process.check()
    guard case .revoked = asked else { return }
    asked = nil
    isRevoking = false
    try assign([])
    join()
  }

  func leave(timeoutMs: Int32) -> Bool {
    if process.isDead { return true }
    goAway()
    try? process.sleep(ms: process.latencyMs())
    return true
  }

  func close(timeoutMs: Int32) -> Bool {
    if isClosed || process.isDead { return true }
    isClosed = true
    if options.groupInstanceId == nil { goAway() }
    return true
  }

  private func goAway() {
    if let memberId { cluster.groups.leave(id: memberId, group: options.group) }
    memberId = nil
    topic = nil
  }

  private func join() {
    guard let topic else { return }
    schedule.after(process.latencyMs()) { [self] in
      if process.isDead || isClosed || self.topic == nil { return }
      if cluster.isDown || process.isPaused { return schedule.after(100) { [self] in join() } }
      cluster.groups.join(
        self, id: memberId, instance: options.groupInstanceId, topic: topic, sessionMs: process.sessionMs,
        group: options.group)
    }
  }

  private func beat() {
    schedule.after(300) { [self] in
      if process.isDead || isClosed || topic == nil { return }
      if !process.isPaused, !cluster.isDown, let memberId {
        cluster.groups.heartbeat(self, id: memberId, group: options.group)
      }
      beat()
    }
  }

  private var holdsPartitions: Bool {
    if case .assigned = asked { return true }
    return !assignment.isEmpty || questions.contains { if case .assigned = $0 { true } else { false } }
  }

  func isKnown(as id: String) {
    memberId = id
    lastMemberId = id
  }

  func isGiven(_ partitions: [TopicPartition], generation: Int) {
    self.generation = generation
    questions.append(.assigned(partitions, generation: generation))
  }

  func mustJoinAgain() {
    if isRevoking { return }
    guard holdsPartitions else { return join() }
    isRevoking = true
    questions.append(.revoked(lost: false))
  }

  func memberIsUnknown() {
    memberId = nil
    let heldPartitions = holdsPartitions
    questions = []
    guard heldPartitions || isRevoking else { return join() }
    isRevoking = true
    questions.append(.revoked(lost: true))
  }

  func isFenced() {
    memberId = nil
    topic = nil
    fencing = Errors.instanceFenced
  }
}
