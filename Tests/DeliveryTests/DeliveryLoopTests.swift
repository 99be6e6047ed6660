import Delivery
import Dispatch
import Events
import Kafka
import Synchronization
import Testing

@Suite("A destination's loop on an embedded cluster")
struct DeliveryLoopTests {
  private let cluster: EmbeddedCluster
  private let folder: ScratchFolder
  private let topic = RecordBatch.topic

  init() throws {
    cluster = try EmbeddedCluster()
    folder = try ScratchFolder()
    try cluster.createTopic(topic, partitionCount: 2)
  }

  private func write(_ values: [String], partition: Int32? = nil) throws {
    let producer = try Producer(cluster.settings)
    let written = try producer.topic(topic, timeoutMs: 10_000)
    for (number, value) in values.enumerated() {
      let (key, value) = (Array("\(number)".utf8), Array(value.utf8))
      try producer.produce(written, partition: partition, key: key.span.bytes, value: value.span.bytes)
    }
    try producer.flush(timeoutMs: 30_000)
    producer.close(timeoutMs: 10_000)
  }

  private func entries(_ numbers: ClosedRange<Int>) -> [String] {
    numbers.map { TestChange("entered", "p\($0)", seq: 1).json }
  }

  /// Each loop has a group of its own: the embedded cluster lets nobody join for a session's time after a member left.
  private var settings: DeliverySettings {
    let app = "test-\(UInt64.random(in: 0...UInt64.max))"
    var settings = DeliverySettings(group: DeliverySettings.group(app: app, destination: "w"), topic: topic)
    settings.untilEnd = true
    settings.batchRecords = 10
    return settings
  }

  @discardableResult
  private func deliver(
    _ settings: DeliverySettings? = nil, busyTimeoutMs: Int32 = 5000, shouldStop: @escaping () -> Bool = { false },
    tell: @escaping (DeliveryEvent) -> Void = { _ in }
  ) throws -> DeliveryCounts {
    let warehouse = try SQLiteWarehouse(path: folder.warehouse, busyTimeoutMs: busyTimeoutMs)
    let loop = try DeliveryLoop(
      to: warehouse, settings ?? self.settings, kafka: cluster.settings, shouldStop: shouldStop, tell: tell)
    return try loop.run()
  }

  private func committed(_ settings: DeliverySettings) throws -> [TopicPartition: Int64] {
    let consumer = try Consumer(cluster.settings, ConsumerOptions(group: settings.group))
    defer { consumer.close(timeoutMs: 10_000) }
    return try consumer.committed([TopicPartition(topic, 0), TopicPartition(topic, 1)], timeoutMs: 10_000)
  }

  @Test("delivers all that is there, goes on after a stop, and again from the start changes nothing")
  func everything() throws {
    try write(entries(1...45))
    let latest = Latest()
    let first = try deliver(shouldStop: { latest.counts.changes >= 10 }, tell: latest.note)
    #expect(first.changes >= 10)
    let second = try deliver()
    #expect(first.changes + second.changes == 45)
    #expect(second.repeats == 0)
    #expect(try deliver() == DeliveryCounts(), "nothing new came")
    let before = try content(folder.warehouse)
    let offsets = try rows(folder.warehouse, "SELECT * FROM delivered_offsets")
    try Database(path: folder.warehouse).execute("DELETE FROM delivered_offsets")
    let last = settings
    let again = try deliver(last)
    #expect(again.repeats == 45 && again.changes == 0)
    #expect(try content(folder.warehouse) == before)
    #expect(try rows(folder.warehouse, "SELECT * FROM delivered_offsets") == offsets)
    #expect(try committed(last).values.reduce(0, +) == 45, "the group's offsets show lag tools how far it is")
  }

  @Test("loses and repeats nothing where it dies between the database's commit and Kafka's")
  func crash() throws {
    try write(entries(1...25), partition: 0)
    let dying = try DyingWarehouse(warehouse: SQLiteWarehouse(path: folder.warehouse))
    let settings = settings
    let loop = try DeliveryLoop(to: dying, settings, kafka: cluster.settings, shouldStop: { false })
    do {
      _ = try loop.run()
      Issue.record("it lived")
    } catch {
      #expect(error == .destination(DyingWarehouse.death))
    }
    #expect(try rows(folder.warehouse, "SELECT count(*) FROM changes") == ["10"])
    #expect(try committed(settings).isEmpty)
    let counts = try deliver()
    #expect(counts.changes == 15 && counts.repeats == 0)
    #expect(try rows(folder.warehouse, "SELECT count(*) FROM memberships") == ["25"])
  }

  @Test("begins where the database says, whatever the group has committed")
  func ownOffsets() throws {
    try write(entries(1...20))
    var settings = settings
    settings.sessionTimeoutMs = 6000
    try deliver(settings)
    #expect(try committed(settings).values.reduce(0, +) == 20)
    try Database(path: folder.warehouse).execute(
      """
      DELETE FROM memberships; DELETE FROM membership_history; DELETE FROM changes; DELETE FROM delivered_offsets
      """)
    #expect(try deliver(settings).changes == 20)
  }

  @Test("puts malformed records aside, tells where they stood and nothing of their content, and goes on")
  func malformed() throws {
    try write(entries(1...3) + ["ada@example.com is no JSON"] + entries(4...5), partition: 1)
    let latest = Latest()
    let counts = try deliver(tell: latest.note)
    #expect(counts.changes == 5 && counts.rejected == 1)
    let told = latest.events.filter { if case .rejected = $0 { true } else { false } }
    #expect(told == [.rejected(TopicPartition(topic, 1), offset: 3, reason: "it is not JSON")])
    #expect(
      try rows(folder.warehouse, "SELECT CAST(value AS TEXT) FROM rejected_records") == ["ada@example.com is no JSON"])
  }

  @Test("waits for a locked database, tells so, and gives up after its time")
  func locked() throws {
    try write(entries(1...3))
    try deliver()
    try write(entries(4...6))
    let other = try Database(path: folder.warehouse)
    try other.execute("BEGIN IMMEDIATE")
    var waits = 0
    let counts = try deliver(
      busyTimeoutMs: 1,
      tell: { event in
        guard case .waiting(let error, _) = event else { return }
        waits += 1
        #expect(error.sentence.contains("locked by another program") && error.sentence.contains(folder.warehouse))
        if waits == 2 { try? other.execute("ROLLBACK") }
      })
    #expect(waits == 2 && counts.changes == 3)
    try write(entries(7...7))
    try other.execute("BEGIN IMMEDIATE")
    var impatient = settings
    impatient.retryForMs = 50
    #expect(throws: DeliveryError.self) { try deliver(impatient, busyTimeoutMs: 1) }
    try other.execute("ROLLBACK")
    #expect(try deliver().changes == 1)
  }

  @Test("stays where it is while the destination says nothing and takes nothing, and goes on from there")
  func trouble() throws {
    try write(entries(1...45))
    var settings = settings
    settings.sessionTimeoutMs = 6000
    var waits = 0
    let troubled = try TroubledWarehouse(warehouse: SQLiteWarehouse(path: folder.warehouse))
    let loop = try DeliveryLoop(
      to: troubled, settings, kafka: cluster.settings, shouldStop: { false },
      tell: { event in
        guard case .waiting(let error, let ms) = event else { return }
        #expect(error == TroubledWarehouse.trouble && ms >= 100)
        waits += 1
      })
    let counts = try loop.run()
    #expect(counts.changes == 45 && counts.repeats == 0 && waits >= 6)
    #expect(try rows(folder.warehouse, "SELECT count(*) FROM memberships") == ["45"])
  }

  @Test("stops with a sentence where the database is further than the topic")
  func beyondEnd() throws {
    try write(entries(1...3), partition: 0)
    try deliver()
    try Database(path: folder.warehouse).execute("UPDATE delivered_offsets SET next_offset = 1000 WHERE partition = 0")
    do {
      try deliver()
      Issue.record("it went on")
    } catch let error as DeliveryError {
      #expect(error == .beyondEnd(TopicPartition(topic, 0), delivered: 1000, end: 3))
      #expect(error.description.contains("the topic was made anew"))
    }
  }

  @Test("tells how many records went before it could deliver them")
  func missing() throws {
    var large = TestChange("entered", seq: 1)
    // Text that does not compress: the embedded cluster keeps about 5 MB of a partition.
    let note = (0..<30_000).map { String(Hash64.of("\($0)"), radix: 36) }.joined()
    large.included = ",\"note\":\"\(note)\""
    try write(
      (1...20).map { number in
        large.profile = "p\(number)"
        return large.json
      }, partition: 0)
    do {
      var warehouse = try SQLiteWarehouse(path: folder.warehouse)
      var batch = RecordBatch(topic: topic)
      batch.move(0, to: 1)
      _ = try warehouse.deliver(batch)
    }
    let latest = Latest()
    let counts = try deliver(tell: latest.note)
    #expect(counts.missing > 0)
    #expect(counts.missing + Int64(counts.changes) == 19)
    #expect(
      latest.events.contains(.missing(TopicPartition(topic, 0), from: 1, to: 1 + counts.missing)))
  }

  @Test("says so where it may not read the topic")
  func notAuthorized() throws {
    try write(entries(1...3))
    cluster.fail(.listOffsets, with: Array(repeating: .topicAuthorizationFailed, count: 4))
    do {
      try deliver()
      Issue.record("it could read")
    } catch let error as DeliveryError {
      #expect(error.description.contains("no right to use topic '\(topic)'"))
    }
  }

  @Test(
    "shares partitions with a second worker, and nothing is lost or repeated when they move", .timeLimit(.minutes(2)))
  func rebalance() async throws {
    try write(entries(1...20))
    let (news, newsDesk) = AsyncStream.makeStream(of: Void.self)
    var settings = settings
    settings.untilEnd = false
    settings.batchMs = 20
    settings.sessionTimeoutMs = 6000
    let (endless, path, cluster) = (settings, folder.warehouse, cluster)
    let (first, second) = (Worker(newsDesk), Worker(newsDesk))
    async let running = first.run(endless, path, cluster)
    for await _ in news where first.counts.changes == 20 { break }
    async let joining = second.run(endless, path, cluster)
    for await _ in news where second.isAssigned { break }
    try write(entries(21...60))
    for await _ in news where first.counts.changes + second.counts.changes == 60 { break }
    first.stop()
    second.stop()
    let counts = try await [running, joining]
    #expect(counts.map(\.repeats) == [0, 0])
    #expect(counts.map(\.changes).reduce(0, +) == 60)
    #expect(try rows(folder.warehouse, "SELECT count(*) FROM memberships") == ["60"])
  }
}

/// What a loop told, on one thread.
private final class Latest {
  private(set) var events: [DeliveryEvent] = []
  private(set) var counts = DeliveryCounts()

  func note(_ event: DeliveryEvent) {
    events.append(event)
    if case .delivered(let counts) = event { self.counts = counts }
  }
}

/// A warehouse that dies once it has written a batch.
private struct DyingWarehouse: ~Copyable, Destination {
  static let death = DestinationError("the process died", mayPass: false)
  var warehouse: SQLiteWarehouse

  mutating func positions(in topic: String) throws(DestinationError) -> [Int32: Int64] {
    try warehouse.positions(in: topic)
  }

  mutating func deliver(_ batch: borrowing RecordBatch) throws(DestinationError) -> BatchOutcome {
    _ = try warehouse.deliver(batch)
    throw Self.death
  }
}

/// A warehouse that cannot say where it is at first, and takes each batch the third time that it is given.
private struct TroubledWarehouse: ~Copyable, Destination {
  static let trouble = DestinationError("it is away", mayPass: true)
  var warehouse: SQLiteWarehouse
  var questions = 0
  var attempts = 0

  init(warehouse: consuming SQLiteWarehouse) { self.warehouse = warehouse }

  mutating func positions(in topic: String) throws(DestinationError) -> [Int32: Int64] {
    questions += 1
    if questions < 3 { throw Self.trouble }
    return try warehouse.positions(in: topic)
  }

  mutating func deliver(_ batch: borrowing RecordBatch) throws(DestinationError) -> BatchOutcome {
    attempts += 1
    if attempts % 3 != 0 { throw Self.trouble }
    return try warehouse.deliver(batch)
  }
}

/// A loop on a thread of its own, that tells a news desk when something has happened.
private final class Worker: Sendable {
  private struct State {
    var counts = DeliveryCounts()
    var isAssigned = false
    var shouldStop = false
  }
  private let state = Mutex(State())
  private let newsDesk: AsyncStream<Void>.Continuation

  init(_ newsDesk: AsyncStream<Void>.Continuation) { self.newsDesk = newsDesk }

  var counts: DeliveryCounts { state.withLock(\.counts) }
  var isAssigned: Bool { state.withLock(\.isAssigned) }

  func stop() { state.withLock { $0.shouldStop = true } }

  /// Runs a loop until it is to stop. It blocks its thread, which must be none of the tests' own few.
  func run(_ settings: DeliverySettings, _ path: String, _ cluster: EmbeddedCluster) async throws -> DeliveryCounts {
    try await withCheckedThrowingContinuation { end in
      DispatchQueue(label: "worker").async {
        end.resume(with: Result { try self.deliver(settings, path, cluster) })
      }
    }
  }

  private func deliver(_ settings: DeliverySettings, _ path: String, _ cluster: EmbeddedCluster) throws
    -> DeliveryCounts
  {
    let loop = try DeliveryLoop(
      to: SQLiteWarehouse(path: path), settings, kafka: cluster.settings,
      shouldStop: { self.state.withLock(\.shouldStop) }, tell: note)
    return try loop.run()
  }

  private func note(_ event: DeliveryEvent) {
    state.withLock { state in
      switch event {
      case .delivered(let counts): state.counts = counts
      case .assigned(let partitions): state.isAssigned = !partitions.isEmpty
      default: break
      }
    }
    newsDesk.yield()
  }
}
