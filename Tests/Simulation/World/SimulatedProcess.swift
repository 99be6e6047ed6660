import Events
import Judge
import Kafka
import Pipeline
import ProfileStore

/// What all processes of a simulation share.
final class Surroundings {
  let schedule: Schedule
  let cluster: Cluster
  /// The time of day when the simulation begins.
  let originMs: Int64
  /// How often a commit finds the disk full or its contents damaged, of a hundred thousand.
  var diskTroublePer100k = 0
  /// How many requests of writers got no answer.
  var unanswered = 0
  /// How many of them were done when nobody waited any more.
  var late = 0
  /// How many stores were damaged.
  private(set) var damages = 0

  init(_ schedule: Schedule, originMs: Int64) {
    self.schedule = schedule
    self.originMs = originMs
    cluster = Cluster(schedule)
  }

  func disturbDisk(_ image: DiskImage, _ folder: String) throws(StoreError) {
    // Several commits go to a disk at a time.
    guard schedule.chance.below(100_000) < diskTroublePer100k * 5 else { return }
    damages += 1
    image.isDamaged = true
    throw StoreError.unreadable(in: folder, because: "a block is not what was written")
  }
}

/// A process: what its lanes stand on. It may stand still, and die.
final class SimulatedProcess {
  let world: Surroundings
  /// How its folders stand, by partition: they outlive the process.
  let disk: SimulatedFolder
  let sessionMs: Int64 = 3000
  let requestTimeoutMs: Int64 = 700
  let stop = StopFlag()
  private(set) var isDead = false
  private var stillUntilMs: Int64 = 0
  private let memoryBytes: Int?
  let startedAt: Instant
  /// How much may wait for the disk: now and then next to nothing.
  private let limits: WriteBehindLimits

  /// - Parameter memoryBytes: how much engines may take; nil where there is no disk.
  init(_ world: Surroundings, _ disk: SimulatedFolder, memoryBytes: Int?) {
    self.world = world
    self.disk = disk
    self.memoryBytes = memoryBytes
    startedAt = Instant(ms: world.originMs + world.schedule.nowMs)
    limits = WriteBehindLimits(
      bytes: [4_000, 40_000, 1_000_000][world.schedule.chance.below(3)],
      records: [4, 100, 100_000][world.schedule.chance.below(3)],
      forMs: [200, 5_000, 60_000][world.schedule.chance.below(3)])
  }

  var cluster: Cluster { world.cluster }
  var schedule: Schedule { world.schedule }
  var isPaused: Bool { schedule.nowMs < stillUntilMs }

  /// It is gone at once, and what it did not flush with it. Requests under way arrive nevertheless.
  func kill() {
    if isDead { return }
    isDead = true
    stop.raise()
    disk.crash()
  }

  /// It stands still, and goes on as if nothing had been.
  func pause(forMs: Int64) { stillUntilMs = max(stillUntilMs, schedule.nowMs + forMs) }

  /// Whether it still lives.
  func check() throws(KafkaError) {
    if isDead { throw Errors.dead }
  }

  func sleep(ms: Int64) throws(KafkaError) {
    try check()
    schedule.sleep(ms: ms)
    while isPaused, !isDead { schedule.sleep(untilMs: stillUntilMs) }
    try check()
  }

  func latencyMs() -> Int64 {
    schedule.chance.perMille(20) ? schedule.chance.from(1...60) : schedule.chance.from(0...2)
  }

  /// A request that does nothing where it arrives: it is sent until it is answered.
  func ask(_ operation: String, untilMs: Int64) throws(KafkaError) {
    while true {
      try sleep(ms: latencyMs())
      if !cluster.isDown, !schedule.chance.perMille(cluster.disturbancePerMille) { return try sleep(ms: latencyMs()) }
      guard schedule.nowMs < untilMs else { throw Errors.timedOut(operation) }
      try sleep(ms: 100)
    }
  }
}

extension SimulatedProcess: LaneWorld {
  typealias Store = TaskStore<WriteBehind<SimulatedDisk>>

  func reader(_ options: ConsumerOptions, waitMs: Int) throws(KafkaError) -> SimulatedReader {
    try check()
    return SimulatedReader(self, options)
  }

  func writer(transactionalId: String) throws(KafkaError) -> SimulatedWriter {
    try check()
    return SimulatedWriter(self, id: transactionalId)
  }

  func memberCount(ofGroup group: String, timeoutMs: Int32) throws(KafkaError) -> Int {
    try ask("read the members of the group", untilMs: schedule.nowMs + Int64(timeoutMs))
    return cluster.groups.memberCount(of: group)
  }

  var engineBytes: Int? { memoryBytes }

  func openStore(_ partition: Int32) throws(StoreError) -> Store {
    let (image, folder) = try disk.open(partition)
    return TaskStore(WriteBehind(SimulatedDisk(image, folder: folder, of: self), limits))
  }

  func setAsideStore(in folder: String) throws(StoreError) -> String { disk.setAside(folder) }

  func monotonicMs() -> Int64 { schedule.nowMs }

  func systemNow() -> Instant { Instant(ms: world.originMs + schedule.nowMs) }

  func wait(ms: Int64, unless stop: StopFlag) {
    let endMs = schedule.nowMs + ms
    while !stop.isRaised, schedule.nowMs < endMs {
      do { try sleep(ms: min(10, endMs - schedule.nowMs)) } catch { return }
    }
  }

  func randomNumber() -> UInt64 { schedule.chance.next() }
}
