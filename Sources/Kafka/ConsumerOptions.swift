/// How a consumer reads: its group, and what it is told.
public struct ConsumerOptions: Sendable {
  /// How a group's partitions are spread over its members. Both are eager: every partition is given back first.
  public enum Assignment: String, Sendable {
    /// Neighbouring partitions together, the same numbers of every topic to the same member.
    case range
    /// One after the other in turn.
    case roundRobin = "roundrobin"
  }

  /// What happens where the group has committed no offset yet, or the offset is no longer in the partition.
  public enum WithoutOffset: String, Sendable {
    /// Begin at the oldest record.
    case beginning = "earliest"
    /// Begin after the newest record.
    case end = "latest"
    /// ``Consumer/poll(timeoutMs:)`` throws an error of kind `offsetOutOfRange`.
    case fail = "error"
  }

  /// The consumer group, whose committed offsets are read also by a consumer that is assigned by hand.
  public var group: String
  /// The name of this member over restarts: with it, a restart within the session time-out moves no partition.
  public var groupInstanceId: String?
  /// How the group's partitions are spread.
  public var assignment: Assignment = .range
  /// After this silence, in milliseconds, the group gives the partitions to others. Nil: librdkafka's 45 s.
  public var sessionTimeoutMs: Int32?
  /// Where to begin without an offset.
  public var withoutOffset: WithoutOffset = .beginning
  /// True to see records of open and aborted transactions too. Only tests and tools want that.
  public var readsUncommitted = false
  /// True to be told when a partition has been read to its end.
  public var reportsEndOfPartition = true

  /// The usual way to read in `group`: committed records, from the beginning, the ends reported.
  public init(group: String, groupInstanceId: String? = nil) {
    self.group = group
    self.groupInstanceId = groupInstanceId
  }
}

extension Configuration {
  /// A consumer's configuration.
  static func consumer(_ options: ConsumerOptions, _ settings: KafkaSettings) throws(KafkaError) -> Configuration {
    let made = try Configuration(common: settings)
    try made.set("group.id", options.group)
    if let instance = options.groupInstanceId { try made.set("group.instance.id", instance) }
    try made.set("partition.assignment.strategy", options.assignment.rawValue)
    try made.set("enable.auto.commit", "false")
    try made.set("enable.auto.offset.store", "false")
    try made.set("isolation.level", options.readsUncommitted ? "read_uncommitted" : "read_committed")
    try made.set("enable.partition.eof", options.reportsEndOfPartition ? "true" : "false")
    try made.set("auto.offset.reset", options.withoutOffset.rawValue)
    if let session = options.sessionTimeoutMs {
      try made.set("session.timeout.ms", "\(session)")
      try made.set("heartbeat.interval.ms", "\(min(3000, max(1, session / 3)))", unlessIn: settings)
    }
    return made
  }
}
