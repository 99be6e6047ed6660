import Kafka
package import Pipeline

/// What a script has to play with: a world, and topics of its own that are there already.
package struct Stage<World: LaneWorld> {
  package let world: World
  /// Two partitions.
  package let input: String
  /// One partition.
  package let output: String
  /// Tells ids and groups apart from those of other scripts.
  package let name: String

  package init(_ world: World, input: String, output: String, name: String) {
    self.world = world
    self.input = input
    self.output = output
    self.name = name
  }
}

/// Small plays between readers and writers. They are played before real brokers and before simulated ones, which must
/// answer alike: what is shown in the simulation is worth something then.
package enum Script: String, CaseIterable, Sendable {
  /// What is aborted is never seen, and its writer is spent.
  case abort
  /// A second writer of an id shuts the first out, and ends what it had begun.
  case fencing
  /// What is behind an open transaction is not seen before it ends.
  case openTransaction
  /// Offsets that an open transaction may change are not told.
  case unstableOffsets
  /// Partitions are given up before others get them, and who was one generation behind commits nothing.
  case takeOver
  /// A static member that comes back shuts out who has its name.
  case staticMember
  /// Who is no member of a group may commit its offsets: brokers ask only who says that he is one.
  case stranger
  /// A transaction of several partitions and offsets is seen whole.
  case whole

  /// Plays it.
  /// - Returns: what was answered, line by line.
  package func play<World: LaneWorld>(on stage: Stage<World>) throws -> [String] {
    switch self {
    case .abort: try stage.abort()
    case .fencing: try stage.fencing()
    case .openTransaction: try stage.openTransaction()
    case .unstableOffsets: try stage.unstableOffsets()
    case .takeOver: try stage.takeOver()
    case .staticMember: try stage.staticMember()
    case .stranger: try stage.stranger()
    case .whole: try stage.whole()
    }
  }
}

// MARK: What scripts say and do

extension Stage {
  func writer(_ id: String) throws -> World.Writer {
    let writer = try world.writer(transactionalId: "\(name)-\(id)")
    try writer.initialize(timeoutMs: 30_000)
    return writer
  }

  func write(_ text: String, by writer: World.Writer, to partition: Int32 = 0, of topic: String? = nil) throws {
    let place = try writer.topic(topic ?? output, timeoutMs: 20_000)
    var key = Array("k".utf8)
    var value = Array(text.utf8)
    try key.withUnsafeMutableBytes { key in
      try value.withUnsafeMutableBytes { value in
        try writer.produce(
          place, partition: partition, key: UnsafeRawBufferPointer(key), value: UnsafeRawBufferPointer(value),
          headers: [])
      }
    }
  }

  func group(_ what: String = "group") -> String { "\(name)-\(what)" }

  /// What was answered, as far as a lane tells answers apart.
  func answer(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "done"
    } catch let error as KafkaError {
      return "\(error.kind)"
    } catch {
      return "\(error)"
    }
  }

  /// The values that readers of committed records see in a topic now.
  func seen(_ partitions: [TopicPartition]) throws -> [String] {
    let reader = try world.reader(ConsumerOptions(group: group("seer")), waitMs: 10)
    defer { reader.close(timeoutMs: 5000) }
    try reader.assign(partitions.map { ($0, .beginning) })
    var (values, unread) = ([String](), Set(partitions))
    while !unread.isEmpty {
      switch try reader.poll(timeoutMs: 100) {
      case .message(let message): values.append(message.value.map { String(decoding: $0, as: UTF8.self) } ?? "nothing")
      case .endOfPartition(let partition, _): unread.remove(partition)
      default: break
      }
    }
    return values.sorted()
  }

  func seen() throws -> [String] { try seen([TopicPartition(output, 0)]) }

  /// What readers see once it is what is waited for, or after ten seconds.
  func seen(waitingFor expected: [String]) throws -> [String] {
    let endMs = world.monotonicMs() + 10_000
    while true {
      let values = try seen()
      if values == expected || world.monotonicMs() >= endMs { return values }
      world.wait(ms: 50, unless: StopFlag())
    }
  }

  func committed(_ group: String, timeoutMs: Int32) throws -> String {
    let reader = try world.reader(ConsumerOptions(group: group), waitMs: 10)
    defer { reader.close(timeoutMs: 5000) }
    do {
      let partition = TopicPartition(input, 0)
      return "\(try reader.committed([partition], timeoutMs: timeoutMs)[partition] ?? -1)"
    } catch let error {
      return error.fate == .retry ? "not told" : error.code
    }
  }

  /// Lets members hear what their group has to say, each in its turn, until it is what is waited for.
  func listen(_ readers: [World.Reader], until isEnough: () -> Bool, heard: (Int, Word) throws -> Void) throws {
    let endMs = world.monotonicMs() + 30_000
    while !isEnough(), world.monotonicMs() < endMs {
      for (number, reader) in readers.enumerated() {
        switch try reader.poll(timeoutMs: 20) {
        case .assigned(let partitions): try heard(number, .assigned(partitions.count))
        case .revoked(let partitions, let lost): try heard(number, .revoked(partitions.count, lost: lost))
        default: break
        }
      }
    }
  }
}

/// What a group says to a member: how many partitions it gets, or gives up.
enum Word {
  case assigned(Int)
  case revoked(Int, lost: Bool)

  /// Nothing was heard in a long time.
  struct Missing: Error {}
}
