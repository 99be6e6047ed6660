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

  private static let dayMs: Int64 = 86_400_000
  private static let openingMs: Int64 = 9 * 3_600_000
  static let partitions: Int32 = 4
  static let app = "demo"
  /// So many days of the shop's past are told before it is watched: enough for people to lapse and coffee to run out.
  static let pastDays = 60
  /// Records of the past: the embedded cluster keeps 5 MB of a partition.
  static let pastRecords = 120_000

  init(speed: Int, forMs: Int64?, seed: UInt64, folder: String, now: Instant) {
    self.speed = speed
    self.forMs = forMs
    self.seed = seed
    self.folder = folder
    // One begins to watch at nine in the morning, when the shop is awake, on the last day that leaves it time enough:
    // its time does not run ahead of today's before the demo ends, or has run for ten minutes.
    let latestMs = now.ms - (forMs ?? 600_000) * Int64(speed)
    liveFrom = Instant(ms: (latestMs - Self.openingMs) / Self.dayMs * Self.dayMs + Self.openingMs)
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
