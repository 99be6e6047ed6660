public import Audiences
public import Events
internal import Kafka
internal import ProfileStore

/// How an application stands, as its topics tell: it need not run, and is not disturbed.
public struct ApplicationStatus: Sendable {
  /// The partitions of the events, by number.
  public var partitions: [PartitionStatus]

  /// How an application stands.
  public init(partitions: [PartitionStatus]) { self.partitions = partitions }

  /// How the definitions of a project are called in ``PartitionStatus/definitions``.
  public static func name(of project: Project) -> String { name(ofPlan: PlanDictionary(Plan(project)).number) }

  fileprivate static func name(ofPlan number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

/// How a partition of an application stands, at its last commit.
public struct PartitionStatus: Sendable {
  /// Its number.
  public var partition: Int32
  /// The offset behind the last event that is there.
  public var end: Int64
  /// The offset of the next event to read; nil where nothing was read yet.
  public var nextOffset: Int64?
  /// Where its clock stands.
  public var clock: Instant?
  /// How many profiles it has.
  public var profiles: Int?
  /// The transactional id of the lane that wrote last.
  public var writer: String?
  /// What the definitions in force are called: the same name for the same meaning.
  public var definitions: String?
  /// The definitions that are to follow, and how much of the log was read for them, in hundredths.
  public var next: (definitions: String, percent: Int)?
  /// Whether profiles that were kept under former definitions are being taken over.
  public var isAdopting = false

  /// A partition of which nothing was read yet.
  public init(partition: Int32, end: Int64) {
    self.partition = partition
    self.end = end
  }

  /// How many offsets lie before the end.
  public var lag: Int64 { max(0, end - (nextOffset ?? 0)) }
}

extension ApplicationStatus {
  private static let timeoutMs: Int32 = 30_000

  /// Reads how an application stands.
  public static func read(_ settings: LaneSettings) throws(LaneError) -> ApplicationStatus {
    do {
      let admin = try Admin(settings.kafka)
      defer { admin.close(timeoutMs: 5000) }
      let cluster = try admin.cluster(timeoutMs: timeoutMs)
      guard let input = cluster.topic(settings.input), cluster.topic(settings.changelog) != nil else {
        let missing = cluster.topic(settings.input) == nil ? settings.input : settings.changelog
        throw LaneError(
          "topic '\(missing)' does not exist at \(settings.kafka.bootstrapServers), or this user may not see it",
          advice: "look at --app and --in, or start 'usher run', which makes its changelog")
      }
      let world = KafkaWorld(settings)
      let consumer = try world.reader(ConsumerOptions(group: settings.app), waitMs: 10)
      defer { consumer.close(timeoutMs: 5000) }
      let all = (0..<Int32(input.partitionCount)).map { TopicPartition(settings.input, $0) }
      let records = try ChangelogTail(world, settings).records(of: all)
      var partitions: [PartitionStatus] = []
      for partition in all {
        let end = try consumer.watermarks(partition, timeoutMs: timeoutMs).high
        partitions.append(PartitionStatus(partition.partition, end: end, records[partition.partition]))
      }
      return ApplicationStatus(partitions: partitions)
    } catch let error as KafkaError {
      throw LaneError(error)
    } catch let error as LaneError {
      throw error
    } catch {
      preconditionFailure("an error of another type: \(error)")
    }
  }
}

extension PartitionStatus {
  init(_ partition: Int32, end: Int64, _ record: TaskRecord?) {
    self.init(partition: partition, end: end)
    guard let record else { return }
    nextOffset = record.nextOffset
    clock = record.clock
    profiles = record.profiles
    writer = record.writer?.transactionalId
    guard let plans = record.plans else { return }
    definitions = ApplicationStatus.name(ofPlan: plans.inForce)
    isAdopting = plans.adoptedFrom != nil
    guard let filling = plans.filling, filling.plan != plans.inForce else { return }
    let percent = record.nextOffset > 0 ? Int(filling.nextOffset * 100 / record.nextOffset) : 100
    next = (ApplicationStatus.name(ofPlan: filling.plan), percent)
  }
}
