import Kafka

extension DeliveryLoop where Target: ~Copyable {
  /// Joins the group. A dry run reads all partitions from where the group stands, without being a member of it.
  mutating func join() throws(DeliveryError) {
    guard settings.isDryRun else {
      return try Self.ofKafka { () throws(KafkaError) in try consumer.subscribe([settings.topic]) }
    }
    let count = try Self.ofKafka { () throws(KafkaError) in
      let producer = try Producer(kafka)
      defer { producer.close(timeoutMs: settings.timeoutMs) }
      return try producer.topic(settings.topic, timeoutMs: settings.timeoutMs).partitionCount
    }
    let partitions = (0..<count).map { TopicPartition(settings.topic, $0) }
    unplaced = partitions
    try place(partitions)
  }

  /// Begins each new partition where the destination has left it. Where it does not say, they are taken up without being
  /// read, and it is asked again.
  mutating func place(_ partitions: [TopicPartition]) throws(DeliveryError) {
    let stored: [Int32: Int64]
    do throws(DestinationError) {
      stored = try Target.keepsOffsets ? target.positions(in: settings.topic) : [:]
    } catch {
      if consumer.assignment != partitions { try begin(partitions.map { ($0, .end) }) }
      return try wait(because: error)
    }
    try recall(partitions)
    let committed = try Target.keepsOffsets ? [:] : committed(partitions)
    var begun: [Int32: (next: Int64, end: Int64)] = [:]
    var starts: [(TopicPartition, StartOffset)] = []
    for partition in partitions {
      let there = try watermarks(partition)
      if let next = stored[partition.partition], next > there.high {
        throw .beyondEnd(partition, delivered: next, end: there.high)
      }
      if let next = committed[partition], next > there.high {
        throw .committedBeyondEnd(partition, committed: next, end: there.high)
      }
      let next = stored[partition.partition] ?? committed[partition] ?? there.low
      if next < there.low {
        counts.missing += there.low - next
        tell(.missing(partition, from: next, to: there.low))
      }
      begun[partition.partition] = (max(next, there.low), there.high)
      starts.append((partition, .at(max(next, there.low))))
    }
    try begin(starts)
    unplaced = nil
    isHeld = false
    backoff.succeed()
    reach.begin(begun)
    tell(.assigned(partitions))
  }

  /// Reads these partitions, and no others, from here on: as the answer to the group, and whenever that is to change.
  private func begin(_ starts: [(TopicPartition, StartOffset)]) throws(DeliveryError) {
    try Self.ofKafka { () throws(KafkaError) in
      if settings.isDryRun || starts.map(\.0) == consumer.assignment && !starts.isEmpty {
        return try consumer.assign(starts)
      }
      try consumer.acceptAssignment(startingAt: Dictionary(uniqueKeysWithValues: starts))
    }
  }

  /// Takes back what was kept of these partitions: only that was delivered, whatever was on its way.
  private func recall(_ partitions: [TopicPartition]) throws(DeliveryError) {
    guard let memory = target.memory, memory.isUsed, !partitions.isEmpty else { return }
    memory.clear()
    try Self.ofKafka { () throws(KafkaError) in
      try remembered?.restore(partitions.map(\.partition), into: memory, timeoutMs: settings.timeoutMs)
    }
  }

  private func watermarks(_ partition: TopicPartition) throws(DeliveryError) -> Watermarks {
    try Self.ofKafka { () throws(KafkaError) in try consumer.watermarks(partition, timeoutMs: settings.timeoutMs) }
  }

  private func committed(_ partitions: [TopicPartition]) throws(DeliveryError) -> [TopicPartition: Int64] {
    guard !partitions.isEmpty else { return [:] }
    return try Self.ofKafka { () throws(KafkaError) in
      try consumer.committed(partitions, timeoutMs: settings.timeoutMs)
    }
  }

  /// Finishes what is open before partitions go. What is lost already is left to whoever has it now.
  mutating func giveUp(lost: Bool) throws(DeliveryError) {
    heard()
    if !lost, !batch.isEmpty, !backoff.isFailing { try deliver() }
    // What is not delivered now is read again by whoever has the partitions next.
    batch.clear()
    taken = nil
    // What was sent is read back with the next partitions.
    if !lost { rememberSent() }
    target.abandon()
    target.memory?.clear()
    reach.lose()
    unplaced = nil
    isHeld = false
    backoff.succeed()
    try Self.ofKafka { () throws(KafkaError) in try consumer.acceptRevocation() }
  }
}
