internal import Events
public import Kafka

/// Where the lanes of a process read and write, and at what pace.
public struct LaneSettings: Sendable {
  /// How to reach Kafka.
  public var kafka: KafkaSettings
  /// The application: it prefixes the changelog's topic, the group and the transactional ids.
  public var app: String
  /// Which of the application's processes this is: a second one of the same name takes over from the first.
  public var instance = "0"
  /// How many lanes the process has.
  public var lanes = 1
  /// How partitions come to lanes.
  public var sharing = PartitionSharing.group
  /// Where profiles are kept besides the changelog.
  public var state = StatePlace.memory
  /// The topic of the events.
  public var input = "retention.events"
  /// What the names of the output topics begin with.
  public var outputPrefix = "audience"
  /// Where an application begins that has read nothing yet.
  public var beginning = Beginning.oldest
  /// Where records go that cannot be read.
  public var rejected = "retention.rejected"
  /// How long a transaction is kept open, in milliseconds.
  public var commitIntervalMs: Int64 = 100
  /// After how many records and changes a transaction is committed before its time.
  public var commitSize = 50_000
  /// Whether lanes that end leave the group for good: others get their partitions at once, and not only after the
  /// session time-out.
  public var leavesGroup = false
  /// How long a lane may stand still before that is told, in milliseconds. A commit may take as long as brokers keep a
  /// transaction open.
  public var stillLimitMs: Int64 = 60_000
  /// Whether the lanes end once all that is there has been done; no wall clock takes part then.
  public var endsAtEnd = false
  /// The time at the end of a partition.
  public var wallClock = WallClock.system
  /// How fast definitions that change are seen to.
  package var successionPace = SuccessionPace()
  /// Which of the process's lanes these settings are for.
  package var lane = 0

  /// Settings for an application, with the usual topics and pace.
  public init(kafka: KafkaSettings, app: String) {
    self.kafka = kafka
    self.app = app
  }

  /// The folder of the application's stores; nil where there are none.
  var stateFolder: StateFolder? {
    guard case .disk(let folder, let memoryBytes) = state else { return nil }
    return StateFolder(folder: "\(folder)/\(app)", memoryBytes: memoryBytes)
  }

  /// The topic that the changes for the warehouse go to.
  public var warehouse: String { "\(outputPrefix).warehouse" }

  /// The topic that the changes for ad platforms go to.
  public var ads: String { "\(outputPrefix).ads" }

  /// The topic that the changes for analytics tools go to.
  public var analytics: String { "\(outputPrefix).analytics" }

  /// The topic of who is in, as ad platforms see it.
  public var members: String { "\(outputPrefix).members" }

  /// The topics that changes go to.
  public var outputs: [String] { [warehouse, ads, analytics, members] }

  /// The topic that holds the profiles.
  public var changelog: String { "\(app).usher.profiles" }

  /// The settings of a consumer that hears of the end of a partition soon: a broker answers after so many milliseconds
  /// even where nothing is there to read.
  func reading(waitMs: Int) -> KafkaSettings {
    var settings = kafka
    if settings.properties["fetch.wait.max.ms"] == nil { settings.properties["fetch.wait.max.ms"] = "\(waitMs)" }
    // A few tenths of a second of records: more would only wait, each in memory of its own.
    let ahead = "queued.max.messages.kbytes"
    if settings.properties[ahead] == nil { settings.properties[ahead] = "16384" }
    return settings
  }

  /// Whether the settings fit together.
  func check() throws(LaneError) {
    guard transactionTimeoutMs <= commitIntervalMs else { return }
    throw LaneError(
      "a transaction is kept open for \(commitIntervalMs) ms, but brokers give it up after \(transactionTimeoutMs) ms",
      advice: "make --commit-interval shorter, or transaction.timeout.ms in the Kafka settings longer")
  }

  /// After how long brokers give a transaction up.
  var transactionTimeoutMs: Int64 { writing.properties["transaction.timeout.ms"].flatMap { Int64($0) } ?? 10_000 }

  /// The settings of a producer whose transactions the brokers do not give up before they are due. They are not longer
  /// than that: whoever takes partitions over from a process that stands still has to wait for it.
  var writing: KafkaSettings {
    var settings = kafka
    if settings.properties["transaction.timeout.ms"] == nil {
      settings.properties["transaction.timeout.ms"] = "\(max(10_000, commitIntervalMs + 5000))"
    }
    return settings
  }

  /// The name under which brokers know this lane's producer over restarts.
  var transactionalId: String {
    if let share { "\(fixedPrefix)\(share.number)" } else { "\(app)-\(instance)-lane-\(lane)" }
  }

  /// What the names of all producers begin with that own their partitions by arithmetic.
  var fixedPrefix: String { "\(app)-static-" }

  /// The name under which the group knows this lane over restarts.
  var memberName: String { "\(app)-\(instance)-\(lane)" }

  /// Which partitions are this lane's by arithmetic; nil where the group decides.
  var share: FixedShare? {
    guard case .fixed(let process, let processes) = sharing else { return nil }
    return FixedShare(number: process * lanes + lane, total: processes * lanes)
  }
}
