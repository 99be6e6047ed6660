import Testing
import YAML

@testable import usher

struct TopicsTests {
  private let topic = TopicDeclaration(
    name: "{app}.things", partitions: 6, replication: 3,
    configuration: [.init(key: "cleanup.policy", value: "compact"), .init(key: "min.insync.replicas", value: "2")])

  private func cluster(
    partitions: Int = 6, replication: Int = 3, _ configuration: [String: String] = [:]
  ) -> ClusterTopic {
    let asDeclared = ["cleanup.policy": "compact", "min.insync.replicas": "2", "retention.ms": "1"]
    return ClusterTopic(
      partitions: partitions, replication: replication,
      configuration: asDeclared.merging(configuration) { $1 })
  }

  @Test func theProjectsTopicsAreDeclaredWithoutAMistake() throws {
    let declared = try DeclaredTopics(folder: "\(projectFolder)/topics")
    #expect(
      declared.topics.map(\.name)
        == [
          "audience.ads", "audience.analytics", "audience.ga4.dead", "audience.members", "audience.segment.dead",
          "audience.warehouse", "audience.webhook.dead",
          "retention.events", "retention.rejected", "{app}.usher.delivered", "{app}.usher.profiles",
        ])
    let events = try #require(declared.topics.first { $0.name == "retention.events" })
    #expect(events.configuration.contains(.init(key: "message.timestamp.type", value: "LogAppendTime")))
    #expect(events.record == "schemas/event.json")
    let rejected = try #require(declared.topics.first { $0.name == "retention.rejected" })
    #expect(rejected.configuration.contains(.init(key: "max.message.bytes", value: String(16 << 20))))
  }

  @Test func theApplicationIdStandsInNames() {
    #expect(topic.resolved(app: "shop", replication: nil).name == "shop.things")
  }

  @Test func onFewerBrokersFewerMustBeInSync() {
    let small = topic.resolved(app: "shop", replication: 1)
    #expect(small.replication == 1)
    #expect(small.configuration.last == .init(key: "min.insync.replicas", value: "1"))
    #expect(topic.resolved(app: "shop", replication: 5).replication == 3)
  }

  @Test func whatIsAsDeclaredDiffersInNothing() {
    #expect(topic.differences(from: cluster()).isEmpty)
  }

  @Test func everyDifferenceIsTold() {
    #expect(topic.differences(from: nil) == [.missing])
    let actual = cluster(partitions: 4, replication: 1, ["cleanup.policy": "delete"])
    #expect(
      topic.differences(from: actual) == [
        .partitions(declared: 6, actual: 4), .replication(declared: 3, actual: 1),
        .configuration(key: "cleanup.policy", declared: "compact", actual: "delete"),
      ])
  }

  @Test func aValueThatTheBrokerDoesNotShowDiffers() {
    let actual = ClusterTopic(partitions: 6, replication: 3, configuration: ["cleanup.policy": "compact"])
    let difference = TopicDifference.configuration(key: "min.insync.replicas", declared: "2", actual: nil)
    #expect(topic.differences(from: actual) == [difference])
    #expect(difference.sentence == "min.insync.replicas is not shown instead of 2")
  }

  @Test func partitionsGrowOnlyWhenAskedAndNeverShrink() {
    let more = TopicDifference.partitions(declared: 6, actual: 4)
    #expect(more.obstacle(mayGrow: false, replication: 3)?.contains("--grow") == true)
    #expect(more.obstacle(mayGrow: true, replication: 3) == nil)
    #expect(TopicDifference.partitions(declared: 4, actual: 6).obstacle(mayGrow: true, replication: 3) != nil)
  }

  @Test func noTopicIsMadeUnwritable() {
    let more = TopicDifference.configuration(key: "min.insync.replicas", declared: "2", actual: "1")
    #expect(more.obstacle(mayGrow: false, replication: 1) != nil)
    #expect(more.obstacle(mayGrow: false, replication: 2) == nil)
    #expect(TopicDifference.missing.obstacle(mayGrow: false, replication: 0) == nil)
  }

  @Test func allMistakesOfAllFilesAreToldInOneGo() throws {
    let folder = try ScratchFolder()
    try folder.write("name: a\npartitons: 3\nreplication: 1\n", to: "a.yaml")
    try folder.write("name: 'no spaces'\npartitions: 0\nreplication: 1\nconfig: [x]\n", to: "b.yaml")
    try folder.write("events: {}\n", to: "taxonomy.yaml")
    let error = #expect(throws: Failure.self) { try DeclaredTopics(folder: folder.path) }
    let message = try #require(error?.message)
    #expect(message.contains("a.yaml:2:1") && message.contains("did you mean 'partitions'?"))
    #expect(message.contains("b.yaml:1:") && message.contains("b.yaml:2:") && message.contains("b.yaml:4:"))
  }

  @Test func theChangelogHasThePartitionsOfTheEvents() throws {
    let folder = try ScratchFolder()
    try folder.write("name: retention.events\npartitions: 3\nreplication: 1\n", to: "events.yaml")
    try folder.write("name: '{app}.usher.profiles'\npartitions: 4\nreplication: 1\n", to: "profiles.yaml")
    let error = #expect(throws: Failure.self) { try DeclaredTopics(folder: folder.path) }
    #expect(error?.message == "{app}.usher.profiles has 4 partitions, and retention.events has 3")
  }

  @Test func aSchemaThatIsMissingIsTold() throws {
    let folder = try ScratchFolder()
    try folder.write("name: a\npartitions: 3\nreplication: 1\nrecord: schemas/a.json\n", to: "a.yaml")
    let error = #expect(throws: Failure.self) { try DeclaredTopics(folder: folder.path) }
    #expect(error?.message.contains("schemas/a.json is missing") == true)
  }

  @Test func theReportSaysWhatWasCorrectedAndWhatWasNot() {
    var report = TopicReport(rows: [.init(topic: "a"), .init(topic: "b", corrected: ["created \"b\""])])
    #expect(!report.hasDifferences)
    report.rows.append(.init(topic: "c", left: ["x", "y"]))
    #expect(report.hasDifferences)
    #expect(
      report.table == """
        topic  state        what
        -----  -----------  -----------
        a      as declared
        b      corrected    created "b"
        c      differs      x
                            y

        """)
    #expect(
      report.json.split(separator: "\n")[1]
        == #"{"topic":"b","corrected":["created \"b\""],"differs":[]}"#)
  }
}
