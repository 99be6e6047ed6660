import Events
import Judge
import Kafka
import Pipeline

/// A transactional producer of the simulated brokers.
final class SimulatedWriter: LogWriter {
  struct Topic {
    let name: String
    let partitions: Int
  }

  private let process: SimulatedProcess
  private let id: String
  private var cluster: Cluster { process.cluster }
  private var schedule: Schedule { process.schedule }

  private var producer: Int64 = -1
  private var epoch: Int16 = -1
  private var sequences: [TopicPartition: Int] = [:]
  private var waiting: [TopicPartition: [PartitionLog.Entry]] = [:]
  private var joined: Set<TopicPartition> = []
  private var hasSent = false
  private var failure: KafkaError?
  private var isSpent = false
  private var sawDoubt = false
  private(set) var isInTransaction = false

  init(_ process: SimulatedProcess, id: String) {
    self.process = process
    self.id = id
  }

  var needsReplacement: Bool { isSpent || sawDoubt }

  func initialize(timeoutMs: Int32) throws(KafkaError) {
    let endMs = schedule.nowMs + Int64(timeoutMs)
    let (cluster, id) = (cluster, id)
    while true {
      let answer = try transact("take up the transactional id", untilMs: endMs) {
        cluster.transactions.initialize(id, timeoutMs: 10_000)
      }
      if let answer {
        (producer, epoch) = answer
        sawDoubt = false
        return
      }
      guard schedule.nowMs < endMs else { throw Errors.timedOut("take up the transactional id") }
      try process.sleep(ms: 20)
    }
  }

  func topic(_ name: String, timeoutMs: Int32) throws(KafkaError) -> Topic {
    try process.check()
    return Topic(name: name, partitions: cluster.partitionCount(of: name))
  }

  func begin() throws(KafkaError) {
    try process.check()
    precondition(!isInTransaction && !needsReplacement, "a spent producer must be replaced")
    isInTransaction = true
    (joined, hasSent, failure, waiting) = ([], false, nil, [:])
  }

  func produce(
    _ topic: Topic, partition: Int32?, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    headers: [RecordHeader]
  ) throws(KafkaError) {
    try process.check()
    precondition(isInTransaction, "no transaction is open")
    if failure != nil { throw Errors.failedTransaction }
    let key = key.map { Array($0) }
    let number = partition ?? Int32(Murmur2.partition(of: key ?? [], among: topic.partitions))
    let entry = PartitionLog.Entry(
      kind: .data, key: key, value: value.map { Array($0) }, timestampMs: process.systemNow().ms)
    waiting[TopicPartition(topic.name, number), default: []].append(entry)
    // librdkafka sends when it pleases.
    if schedule.chance.perMille(20) { try? flush() }
  }

  func sendOffsets(
    _ offsets: [PartitionOffset], of group: String, member: SimulatedReader?, timeoutMs: Int32
  ) throws(KafkaError) {
    precondition(isInTransaction, "no transaction is open")
    if let failure { throw failure }
    if offsets.isEmpty { return }
    // What was queued a while ago is on its way by now.
    try flush()
    let (cluster, producer, epoch) = (cluster, producer, epoch)
    let endMs = schedule.nowMs + Int64(timeoutMs)
    hasSent = true
    try settle("send the offsets", untilMs: endMs) {
      cluster.transactions.add(group: group, of: producer, epoch: epoch)
    }
    let list = Dictionary(uniqueKeysWithValues: offsets.map { ($0.partition, $0.offset) })
    while true {
      // Who one is then is asked now.
      let (id, generation) = (member?.lastMemberId, member?.generation ?? -1)
      let answer = try transact("send the offsets", untilMs: endMs) {
        let answer = cluster.groups.check(member: id, generation: generation, group: group)
        guard answer == .done else { return (answer, TransactionAnswer.done) }
        return (answer, cluster.transactions.put(list, group: group, of: producer, epoch: epoch))
      }
      switch answer {
      case (.done, .done): return
      case (.done, let refusal): throw fail(refusal, "send the offsets")
      case (.rebalancing, _):
        guard schedule.nowMs < endMs else { throw Errors.timedOut("send the offsets") }
        try process.sleep(ms: 50)
      case (.unknownMember, _): throw fail(Errors.memberUnknown)
      case (.otherGeneration, _): throw fail(Errors.otherGeneration)
      case (.fencedInstance, _): throw fail(Errors.instanceFenced)
      }
    }
  }

  func commit() throws(KafkaError) {
    precondition(isInTransaction, "no transaction is open")
    if let failure { throw failure }
    try flush()
    try end(commit: true)
    isInTransaction = false
  }

  func abort() throws(KafkaError) {
    precondition(isInTransaction, "no transaction is open")
    isSpent = true
    waiting = [:]
    if let failure, failure.fate == .fatal { throw failure }
    try end(commit: false)
    isInTransaction = false
  }

  func close(timeoutMs: Int32) -> Bool {
    isSpent = true
    isInTransaction = false
    return true
  }

  // MARK: Requests

  private func end(commit: Bool) throws(KafkaError) {
    guard hasSent else { return }
    let (cluster, producer, epoch) = (cluster, producer, epoch)
    try settle("end the transaction", untilMs: .max) {
      cluster.transactions.end(producer, epoch: epoch, commit: commit)
    }
  }

  /// Sends what waits.
  private func flush() throws(KafkaError) {
    let batches = waiting.sorted { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) }
    waiting = [:]
    let new = batches.map(\.key).filter { !joined.contains($0) }
    let (cluster, producer, epoch) = (cluster, producer, epoch)
    if !new.isEmpty {
      hasSent = true
      try settle("write", untilMs: .max) { cluster.transactions.add(new, of: producer, epoch: epoch) }
      joined.formUnion(new)
    }
    for (partition, batch) in batches {
      let sequence = sequences[partition] ?? 0
      sequences[partition] = sequence + batch.count
      try write(batch, to: partition, sequence: sequence)
    }
  }

  private func write(_ batch: [PartitionLog.Entry], to partition: TopicPartition, sequence: Int) throws(KafkaError) {
    let (cluster, producer, epoch) = (cluster, producer, epoch)
    // That a batch is sent twice does no harm: it has a number.
    let doubt = sawDoubt
    defer { sawDoubt = doubt }
    let (answer, refusal) = try transact("write", untilMs: .max) {
      let answer = cluster.transactions.holds(partition, of: producer, epoch: epoch)
      guard answer == .done else { return (answer, PartitionLog.Refusal?.none) }
      return (answer, cluster.log(partition).append(batch, of: producer, epoch: epoch, sequence: sequence))
    }
    if answer != .done { throw fail(answer, "write") }
    switch refusal {
    case nil: return
    case .staleEpoch: throw fail(.fenced, "write")
    case .outOfOrder: throw fail(Errors.outOfOrder("write"))
    }
  }

  private func settle(
    _ operation: String, untilMs: Int64, _ server: @escaping () -> TransactionAnswer
  ) throws(KafkaError) {
    while true {
      let answer = try transact(operation, untilMs: untilMs, server)
      if answer == .done { return }
      guard answer == .concurrent else { throw fail(answer, operation) }
      guard schedule.nowMs < untilMs else { throw Errors.timedOut(operation) }
      try process.sleep(ms: 20)
    }
  }

  private func fail(_ answer: TransactionAnswer, _ operation: String) -> KafkaError {
    fail(answer == .fenced ? Errors.fenced(operation) : Errors.wrongState(operation))
  }

  private func fail(_ error: KafkaError) -> KafkaError {
    failure = error
    if error.fate == .fatal { isSpent = true }
    return error
  }

  /// Sends a request until it is answered. One that was not may have been done, or may be done later.
  private func transact<Answer>(
    _ operation: String, untilMs: Int64, _ server: @escaping () -> Answer
  ) throws(KafkaError) -> Answer {
    let cluster = cluster
    while true {
      try process.check()
      let (box, way) = (AnswerBox<Answer>(), process.latencyMs())
      let deed = { if !cluster.isDown { box.answer = server() } }
      var isHeard = true
      if schedule.chance.perMille(cluster.disturbancePerMille) {
        isHeard = false
        process.world.unanswered += 1
        switch schedule.chance.below(3) {
        case 0: break
        case 1: schedule.after(way, deed)
        default:
          process.world.late += 1
          schedule.after(process.requestTimeoutMs + schedule.chance.from(0...3000), deed)
        }
        try process.sleep(ms: process.requestTimeoutMs)
      } else {
        schedule.after(way, deed)
        try process.sleep(ms: way + 1 + process.latencyMs())
      }
      if isHeard, let answer = box.answer { return answer }
      sawDoubt = true
      guard schedule.nowMs < untilMs else { throw Errors.timedOut(operation) }
      try process.sleep(ms: 100)
    }
  }
}

/// Where an answer lands, if it comes.
private final class AnswerBox<Answer> {
  var answer: Answer?
}
