import Events
import Glibc
import Kafka

extension Verb {
  /// Compares declared topics with the cluster, and corrects them.
  static let topics = Verb(TopicsOptions.declaration, run: runTopics)
}

/// What `usher topics` takes.
enum TopicsOptions {
  static let app = Option.text("app", "ID", default: "shop", "the application id, which stands for {app} in names")
  static let replication = Option<Int64?>.integer(
    "replication", "N", in: 1...100, "keep each partition on at most so many brokers: 1 for a single broker")
  static let grow = Option<Bool>.flag("grow", "let apply add partitions; keys then go to other partitions")
  static let timeout = Option.duration(
    "timeout", "DURATION", default: DurationMs(ms: 30_000), "how long the brokers may take for each answer")
  static let json = Option<Bool>.flag("json", "write one JSON object a topic instead of a table")

  static let declaration = VerbDeclaration(
    name: "topics", summary: "declared topics against the cluster",
    details: [
      "check says in what the cluster's topics are not as topics/*.yaml declares them, and exits with 1 if there is "
        + "anything.",
      "apply creates what is missing and corrects configurations. It takes nothing away, adds partitions only with "
        + "--grow, and exits with 1 where something still differs.",
    ],
    operands: [Operand(placeholder: "apply|check", kind: .choice(["apply", "check"]), help: "correct, or only tell")],
    options: Settings.kafkaOptions + [
      app.declaration, replication.declaration, grow.declaration, timeout.declaration, json.declaration,
    ],
    examples: ["usher topics check --bootstrap kafka:9092", "usher topics apply --replication 1"])
}

@Sendable private func runTopics(_ arguments: Arguments) throws(Failure) -> Int32 {
  let settings = try Settings(arguments, environment: Terminal.environment)
  let declared = try DeclaredTopics(folder: settings.path("topics"))
  let brokers = try settings.kafkaSettings()
  let report: TopicReport
  do throws(KafkaError) {
    let admin = try Admin(brokers)
    defer { admin.close(timeoutMs: 5000) }
    let work = TopicWork(
      admin: admin, timeoutMs: Int32(clamping: arguments[TopicsOptions.timeout].ms),
      isApplying: arguments.operand(0) == "apply", mayGrow: arguments[TopicsOptions.grow])
    let limit = arguments[TopicsOptions.replication].map { Int($0) }
    report = try work.run(declared.topics.map { $0.resolved(app: arguments[TopicsOptions.app], replication: limit) })
  } catch {
    throw Failure(error)
  }
  Terminal.output.write(arguments[TopicsOptions.json] ? report.json : report.table)
  return report.hasDifferences ? 1 : 0
}

/// Goes through the topics with a cluster.
private struct TopicWork {
  let admin: Admin
  let timeoutMs: Int32
  let isApplying: Bool
  let mayGrow: Bool

  func run(_ topics: [TopicDeclaration]) throws(KafkaError) -> TopicReport {
    let cluster = try admin.cluster(timeoutMs: timeoutMs)
    var report = TopicReport()
    for topic in topics {
      let actual = cluster.topic(topic.name) == nil ? nil : try clusterTopic(topic.name)
      var row = TopicReport.Row(topic: topic.name)
      for difference in topic.differences(from: actual) {
        if !isApplying {
          row.left.append(difference.sentence)
        } else if let obstacle = difference.obstacle(mayGrow: mayGrow, replication: actual?.replication ?? 0) {
          row.left.append("\(difference.sentence): \(obstacle)")
        } else {
          row.corrected.append(try correct(difference, of: topic))
        }
      }
      report.rows.append(row)
    }
    if isApplying { try awaitVisible(topics) }
    return report
  }

  /// Waits until the cluster shows all topics: one that was made just now is not known to every broker at once.
  private func awaitVisible(_ topics: [TopicDeclaration]) throws(KafkaError) {
    let endMs = Progress.nowMs() + Int64(timeoutMs)
    while Progress.nowMs() < endMs {
      let cluster = try admin.cluster(timeoutMs: timeoutMs)
      if topics.allSatisfy({ (cluster.topic($0.name)?.partitionsWithoutLeader ?? 1) == 0 }) { return }
      usleep(50_000)
    }
  }

  private func clusterTopic(_ name: String) throws(KafkaError) -> ClusterTopic {
    let topic = try admin.describe(name, timeoutMs: timeoutMs)
    return ClusterTopic(
      partitions: topic.partitionCount, replication: topic.replicationFactor,
      configuration: topic.configuration.compactMapValues(\.value))
  }

  /// Corrects one difference, and says what was done.
  private func correct(_ difference: TopicDifference, of topic: TopicDeclaration) throws(KafkaError) -> String {
    switch difference {
    case .missing:
      let configuration = Dictionary(uniqueKeysWithValues: topic.configuration.map { ($0.key, $0.value) })
      try admin.create(
        NewTopic(
          topic.name, partitionCount: Int32(topic.partitions), replicationFactor: Int32(topic.replication),
          configuration: configuration), timeoutMs: timeoutMs)
      let partitions = Figures.counted(topic.partitions, "partition")
      return "created with \(partitions) on \(Figures.counted(topic.replication, "broker"))"
    case .configuration(let key, let declared, let actual):
      try admin.setConfiguration(of: topic.name, [key: declared], timeoutMs: timeoutMs)
      return "\(key) was \(actual ?? "not shown"), is \(declared)"
    case .partitions(let declared, let actual):
      try admin.addPartitions(to: topic.name, total: Int32(declared), timeoutMs: timeoutMs)
      return "had \(Figures.counted(actual, "partition")), has \(declared)"
    case .replication:
      preconditionFailure("the replication of \(topic.name) cannot be corrected here")
    }
  }
}
