import Audiences
import Engine
import Events
import Foundation
import Kafka
import KafkaTestSupport
import Pipeline
import Simulation
import Testing

/// Reads what was committed, from outside and from the beginning, and holds it against an undisturbed run over the same
/// log.
struct SoakVerifier {
  let settings: SoakSettings
  let kafka: RealKafka
  let topics: RealTopics
  let shop: TestShop
  let diary: SoakDiary

  init(_ settings: SoakSettings, _ kafka: RealKafka, _ topics: RealTopics, _ shop: TestShop, _ diary: SoakDiary) {
    self.settings = settings
    self.kafka = kafka
    self.topics = topics
    self.shop = shop
    self.diary = diary
  }

  /// What the log comes to, where nothing disturbs.
  private struct Undisturbed {
    var changes: ChangesByProfile = [:]
    var rejected = 0
  }

  /// Holds everything but the stores against what must be.
  func verify(_ written: SoakWriter.Progress) throws -> (input: [Incoming], changes: [SoakInvariants.Change]) {
    let input = try read(topics.settings.input, kafka.settings).sorted {
      ($0.partition, $0.offset) < ($1.partition, $1.offset)
    }
    if input.count != written.records, written.failures.isEmpty {
      diary.problem("\(written.records) records were written, \(input.count) are there")
    }
    let records = try read(topics.settings.warehouse, kafka.settings)
    let expected = undisturbed(input)
    compare(records, expected.changes)
    let changes = try records.map(SoakInvariants.read)
    SoakInvariants(diary).check(changes)
    try compareMembers(changes, input)
    let rejected = try read(topics.settings.rejected, kafka.settings).count
    let poison = SoakWriter.poisonCount(in: input)
    diary.count("poison records", poison)
    if rejected != poison || expected.rejected != poison {
      diary.problem(
        "\(poison) records are poison, an undisturbed run rejects \(expected.rejected), \(rejected) are among the rejected"
      )
    }
    try checkEnd()
    return (input, changes)
  }

  private func undisturbed(_ input: [Incoming]) -> Undisturbed {
    var run = Backtest(shop.plan, partitions: Int(settings.partitions))
    var record = TrackRecord(shop.plan)
    var found = Undisturbed()
    for line in input {
      withRoom(line.value ?? "") { bytes in
        let take = { (change: Engine.Change, origin: ChangeOrigin, cause: Bytes) in
          found.changes[change.profile.text, default: []].append(record.write(change, from: origin, cause: cause).text)
        }
        do throws(Rejection) {
          try run.apply(bytes, number: line.offset, took: take)
        } catch {
          found.rejected += 1
        }
        run.catchUp(took: take)
      }
    }
    return found
  }

  /// Every change of every profile: what it says, in its order, and which record of the log has brought it.
  private func compare(_ changes: [Incoming], _ expected: ChangesByProfile) {
    var found: ChangesByProfile = [:]
    for change in changes {
      found[change.key ?? "(no key)", default: []].append(withoutWritingTime(change.value ?? "(no value)"))
    }
    let profiles = Set(found.keys).union(expected.keys).sorted()
    let different = profiles.filter { found[$0] != expected[$0] }
    if expected.isEmpty { diary.problem("nothing was compared") }
    guard let first = different.first else { return }
    diary.problem(
      """
      \(different.count) of \(profiles.count) profiles differ, \(first) first; found:
      \(found[first, default: []].joined(separator: "\n"))
      expected:
      \(expected[first, default: []].joined(separator: "\n"))
      """)
  }

  /// When it was written is all that may differ between two runs.
  private func withoutWritingTime(_ value: String) -> String {
    guard let start = value.range(of: ",\"emitted_at\":\""), let end = value[start.upperBound...].firstIndex(of: "\"")
    else { return value }
    return String(value[..<start.lowerBound] + value[value.index(after: end)...])
  }

  /// Who is in at the end, by the definition.
  private func compareMembers(_ changes: [SoakInvariants.Change], _ input: [Incoming]) throws {
    let judge = SoakJudge(shop, partitions: Int(settings.partitions))
    let (expected, profiles) = try judge.members(after: input)
    let found = SoakInvariants.members(after: changes).filter { profiles.contains(SoakInvariants.profile(of: $0)) }
    diary.note("\(profiles.count) profiles were judged, \(expected.count) memberships")
    if let first = found.symmetricDifference(expected).min() {
      diary.problem(
        "by the definition \(expected.count) are in, found were \(found.count); the first that differs: \(first)")
    }
  }

  /// Everything is read, and no transaction is open.
  private func checkEnd() throws {
    if let lag = try SoakGauge(topics, partitions: settings.partitions).lag(), lag == 0 {
    } else {
      diary.problem("the group's offsets are not at the end")
    }
    let admin = try Admin(kafka.settings)
    defer { admin.close(timeoutMs: 10_000) }
    let cluster = try admin.cluster(timeoutMs: 20_000)
    for name in [topics.settings.warehouse, topics.settings.changelog, topics.settings.rejected] {
      for number in 0..<(cluster.topic(name)?.partitionCount ?? 0) {
        let partition = TopicPartition(name, Int32(number))
        let (stable, end) = (try end(of: partition, stable: true), try end(of: partition, stable: false))
        if stable != end { diary.problem("\(partition) is readable up to \(stable), but ends at \(end)") }
      }
    }
    let listed = try kafka.tool(["transactions", "--bootstrap-server", kafka.bootstrapServers, "list"])
    let open = listed.split(separator: "\n").filter { line in
      ["Ongoing", "PrepareCommit", "PrepareAbort"].contains { line.contains($0) }
    }
    if !open.isEmpty { diary.problem("transactions are open:\n\(open.joined(separator: "\n"))") }
  }

  private func end(of partition: TopicPartition, stable: Bool) throws -> Int64 {
    var options = ConsumerOptions(group: "reader")
    options.readsUncommitted = !stable
    let consumer = try Consumer(kafka.settings, options)
    defer { consumer.close(timeoutMs: 10_000) }
    return try consumer.watermarks(partition, timeoutMs: 20_000).high
  }
}
