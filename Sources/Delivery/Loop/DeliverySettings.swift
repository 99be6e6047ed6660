/// How a destination's loop reads its topic.
public struct DeliverySettings: Sendable, Equatable {
  /// The consumer group: ``group(app:destination:)``.
  public var group: String
  /// The name of this worker over restarts: with it, one that died need not be waited for. `nil`: none, a worker is
  /// missed only after the session's time.
  public var instance: String?
  /// The topic.
  public var topic: String
  /// A batch is delivered once it has so many records, …
  public var batchRecords = 50_000
  /// … or so many bytes of keys and values, …
  public var batchBytes = 32 << 20
  /// … or this many milliseconds after its first record.
  public var batchMs = 500
  /// Where records go that the destination can never take; `nil` for a destination that puts them aside itself.
  public var deadTopic: String?
  /// Where it is kept what a destination that drops no repeat was sent: a compacted topic with the partitions of `topic`.
  public var deliveredTopic: String?
  /// Whether the topic holds dead letters: records that say in their headers where they came from.
  public var readsLetters = false
  /// Whether nothing is to be committed and no dead letter written. The loop then joins no group, and disturbs none.
  public var isDryRun = false
  /// Whether to end once all is delivered that was there when the partitions were taken up.
  public var untilEnd = false
  /// How long the destination is asked again where it may take a batch later, in milliseconds; `nil`: for as long as it
  /// takes.
  public var retryForMs: Int64?
  /// After this silence, in milliseconds, the group gives a worker's partitions to others; `nil`: librdkafka's 45 s.
  public var sessionTimeoutMs: Int32?
  /// How long the brokers may take for each answer, in milliseconds.
  public var timeoutMs: Int32 = 30_000

  /// Settings for a group that reads a topic.
  public init(group: String, topic: String) {
    self.group = group
    self.topic = topic
  }

  /// The group of a destination's workers: `APP-deliver-NAME`.
  public static func group(app: String, destination: String) -> String { "\(app)-deliver-\(destination)" }

  /// Makes these settings send the dead letters again that are there now, in a group of their own.
  public mutating func redrive(app: String, destination: String) {
    group = "\(app)-redrive-\(destination)"
    topic = deadTopic ?? topic
    readsLetters = true
    untilEnd = true
  }
}
