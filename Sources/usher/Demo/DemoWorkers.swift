import Audiences
import Delivery
import Events
import Kafka
import Pipeline

/// The threads beside the shop's: a lane, and the warehouse's worker.
struct DemoWorkers: ~Copyable {
  let clock: WallClock
  let lane: DemoWorker
  let delivery: DemoWorker
  let stopLane = StopFlag()
  let stopDelivery = StopFlag()

  init(_ project: Project, _ demo: DemoPlan, _ kafka: KafkaSettings, clock: WallClock, state: DemoState) {
    self.clock = clock
    let settings = demo.lane(kafka, clock: clock)
    let definitions = Definitions(project)
    let (stopLane, stopDelivery) = (stopLane, stopDelivery)
    lane = DemoWorker { () throws(Failure) in
      do throws(LaneError) {
        try Lanes(settings, definitions, stop: stopLane, observe: { event, _ in state.observe(event) }).run()
      } catch {
        throw Failure(message: error.description, advice: error.advice)
      }
    }
    let path = demo.database
    delivery = DemoWorker { () throws(Failure) in
      try Self.deliver(into: path, from: settings.warehouse, kafka, stop: stopDelivery, state)
    }
  }

  private static func deliver(
    into path: String, from topic: String, _ kafka: KafkaSettings, stop: StopFlag, _ state: DemoState
  ) throws(Failure) {
    var settings = DeliverySettings(
      group: DeliverySettings.group(app: DemoPlan.app, destination: "warehouse"), topic: topic)
    settings.batchMs = 200
    do throws(DeliveryError) {
      let loop = try DeliveryLoop(
        to: openWarehouse(path), settings, kafka: kafka, shouldStop: { stop.isRaised },
        tell: { event in
          if case .delivered(let counts) = event { state.delivered = counts.changes }
        })
      _ = try loop.run()
    } catch {
      throw Failure(message: error.description)
    }
  }

  /// Whether one of them has ended, which neither does unasked unless it failed.
  var hasOneEnded: Bool { lane.hasEnded || delivery.hasEnded }

  /// Throws what ended one of them.
  func check() throws(Failure) {
    try lane.check()
    try delivery.check()
  }
}
