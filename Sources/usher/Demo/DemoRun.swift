import Audiences
import Events
import Glibc
import Kafka
import Pipeline

/// One run of the demo: an embedded cluster, the shop on this thread, a lane and the warehouse's worker on others.
struct DemoRun: ~Copyable {
  private let project: Project
  private let demo: DemoPlan
  private let stop: StopFlag
  private let cluster: EmbeddedCluster
  private let state = DemoState()
  private var screen: DemoScreen
  private var shop: ShopStream
  private var hasNext: Bool
  private var produced = 0

  /// How long the end may take: what is on its way must arrive.
  private static let patienceMs: Int64 = 30_000

  init(_ project: Project, _ demo: DemoPlan, stop: StopFlag) throws(Failure) {
    self.project = project
    self.demo = demo
    self.stop = stop
    screen = DemoScreen(project.plan, demo)
    cluster = try Self.cluster(demo)
    shop = ShopStream(demo.shop)
    hasNext = shop.next()
  }

  /// A cluster with the topics of a lane.
  private static func cluster(_ demo: DemoPlan) throws(Failure) -> EmbeddedCluster {
    do throws(KafkaError) {
      let cluster = try EmbeddedCluster()
      let lane = demo.lane(cluster.settings, clock: .system)
      for topic in [lane.input, lane.rejected, lane.changelog] + lane.outputs {
        try cluster.createTopic(topic, partitionCount: DemoPlan.partitions)
      }
      return cluster
    } catch {
      throw Failure(error)
    }
  }

  /// Runs to the end. Returns what the lane did; the warehouse has all of it then.
  mutating func run() throws(Failure) -> LaneTotals {
    let kafka = cluster.settings
    let producer: ShopProducer
    do throws(KafkaError) {
      producer = try ShopProducer(kafka, topic: "retention.events", timeoutMs: 10_000)
      try produce(until: demo.liveFrom, with: producer)
      try producer.flush()
    } catch {
      throw Failure(error)
    }
    let workers = DemoWorkers(
      project, demo, kafka, clock: WallClock.running(from: demo.liveFrom, speed: Double(demo.speed)), state: state)
    try watch(workers, producer)
    return try finish(workers)
  }

  /// Sends the shop's records up to an instant of the shop. The log has each when it arrives.
  private mutating func produce(until instant: Instant, with producer: ShopProducer) throws(KafkaError) {
    while hasNext, shop.arrivalMs <= instant.ms {
      try producer.produce(shop, timestampMs: shop.arrivalMs)
      produced += 1
      hasNext = shop.next()
    }
  }

  /// Lets the shop live, and shows what comes of it, until it is time to end.
  private mutating func watch(_ workers: borrowing DemoWorkers, _ producer: ShopProducer) throws(Failure) {
    let endMs = demo.forMs.map { Progress.nowMs() + $0 }
    do throws(KafkaError) {
      var feed = try DemoFeed(cluster.settings, topic: "audience.warehouse")
      while !stop.isRaised, endMs.map({ Progress.nowMs() < $0 }) ?? true, !workers.hasOneEnded {
        let now = workers.clock.now()
        try produce(until: now, with: producer)
        try feed.read(forMs: 150) { screen.tell($0) }
        screen.draw(state.lane, produced: produced, now: now, latest: feed.latest)
      }
      try producer.flush()
      feed.close()
    } catch {
      throw Failure(error)
    }
    try workers.check()
  }

  /// Lets the lane read what was sent, then the warehouse what the lane wrote.
  private func finish(_ workers: consuming DemoWorkers) throws(Failure) -> LaneTotals {
    let giveUpMs = Progress.nowMs() + Self.patienceMs
    try wait(workers, giveUpMs, for: "the lane to read every event") { (state.lane?.records ?? 0) >= produced }
    workers.stopLane.raise()
    try wait(workers, giveUpMs, for: "the lane to end") { workers.lane.hasEnded }
    guard let totals = state.lane else { throw Failure(message: "the lane has committed nothing") }
    try wait(workers, giveUpMs, for: "the warehouse to take every change") { state.delivered >= totals.toWarehouse }
    workers.stopDelivery.raise()
    try wait(workers, giveUpMs, for: "the warehouse to close") { workers.delivery.hasEnded }
    return totals
  }

  private func wait(
    _ workers: borrowing DemoWorkers, _ giveUpMs: Int64, for what: String, until isThere: () -> Bool
  ) throws(Failure) {
    while !isThere() {
      try workers.check()
      guard Progress.nowMs() < giveUpMs else { throw Failure(message: "waited half a minute for \(what), in vain") }
      usleep(10_000)
    }
  }
}
