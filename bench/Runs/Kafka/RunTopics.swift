import Kafka

/// The topics of one `usher run`, under names of their own.
struct RunTopics {
  /// The application's id, with which the names of its topics begin.
  let app: String
  /// The topic of the events; several applications may read it one after the other.
  let input: String

  var changes: String { "\(app).warehouse" }
  var profiles: String { "\(app).usher.profiles" }
  var rejected: String { "\(app).rejected" }
}

/// The topics that a run makes, and deletes at its end.
struct TopicKeeper {
  let setup: Setup
  private let admin: Admin
  static let partitions: Int32 = 4
  static let timeoutMs: Int32 = 30_000

  init(_ setup: Setup) throws(Failure) {
    self.setup = setup
    let settings = setup.kafkaSettings
    admin = try kafka { () throws(KafkaError) in
      let admin = try Admin(settings)
      // Whoever has the wrong address hears of it before events are told.
      _ = try admin.cluster(timeoutMs: 10_000)
      return admin
    }
  }

  /// Makes a topic of events.
  func makeInput(stampedByBroker: Bool) throws(Failure) -> String {
    let name = "\(setup.name).events"
    try make(name, stampedByBroker ? ["message.timestamp.type": "LogAppendTime"] : [:])
    return name
  }

  /// Makes the topics that an application writes to. It makes its changelog itself.
  func makeOutput(of application: String, from input: String) throws(Failure) -> RunTopics {
    let topics = RunTopics(app: "\(setup.name)-\(application)", input: input)
    try make(topics.changes)
    try make(topics.rejected)
    return topics
  }

  /// Makes a topic.
  func make(_ name: String, _ configuration: [String: String] = [:]) throws(Failure) {
    try kafka { () throws(KafkaError) in
      try admin.create(
        NewTopic(name, partitionCount: Self.partitions, configuration: configuration), timeoutMs: Self.timeoutMs)
    }
  }

  /// Deletes every topic whose name begins so. The brokers forget the groups' offsets with them, and then the groups.
  func delete(beginningWith prefix: String) {
    do {
      for topic in try admin.cluster(timeoutMs: Self.timeoutMs).topics where topic.name.hasPrefix(prefix) {
        do throws(KafkaError) {
          try admin.deleteTopic(topic.name, timeoutMs: Self.timeoutMs)
        } catch {
          // A broker may still name a topic that was deleted just now.
          guard error.kind == .topicMissing else { throw error }
        }
      }
    } catch {
      Report.tell("topics that begin with \(prefix) may be left: \(error)")
    }
  }

  /// Does the work of a run, and deletes its topics whatever becomes of it.
  static func during<Result>(
    _ setup: Setup, _ work: (TopicKeeper) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let keeper = try TopicKeeper(setup)
    defer {
      keeper.delete(beginningWith: setup.name)
      keeper.admin.close(timeoutMs: 5000)
    }
    return try work(keeper)
  }
}
