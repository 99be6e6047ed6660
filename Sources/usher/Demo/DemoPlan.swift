import Events
import Kafka
import Pipeline

/// What the demo is made of: a shop with a past, and a clock that goes faster than time.
struct DemoPlan: Sendable {
  /// How many times as fast as time the shop lives.
  let speed: Int
  /// How long it runs, in milliseconds; `nil` until it is told to stop.
  let forMs: Int64?
  let seed: UInt64
  /// Where the files go.
  let folder: String
  /// The instant of the shop at which it is watched live.
  let liveFrom: Instant

  static let partitions: Int32 = 4
  static let app = "demo"
  /// So many days of the shop's past are told before it is watched: enough for people to lapse and coffee to run out.
  static let pastDays = 60
  /// Records of the past: the embedded cluster keeps 5 MB of a partition.
  static let pastRecords = 40_000

  init(speed: Int, forMs: Int64?, seed: UInt64, folder: String, now: Instant) {
    self.speed = speed
    self.forMs = forMs
    self.seed = seed
    self.folder = folder
    // The shop's time reaches today's when the demo ends; without an end, after ten minutes.
    liveFrom = Instant(ms: now.ms - (forMs ?? 600_000) * Int64(speed))
  }

  var shop: ShopPlan {
    var plan = ShopPlan()
    plan.seed = seed
    plan.profiles = ShopPlan.profiles(forEvents: Self.pastRecords, days: Self.pastDays)
    plan.startMs = liveFrom.ms - Int64(Self.pastDays) * 86_400_000
    return plan
  }

  var database: String { "\(folder)/warehouse.sqlite" }

  /// A lane on the embedded cluster that lives by the shop's clock.
  func lane(_ kafka: KafkaSettings, clock: WallClock) -> LaneSettings {
    var settings = LaneSettings(kafka: kafka, app: Self.app)
    settings.wallClock = clock
    return settings
  }
}
