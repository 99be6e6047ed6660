import Events
import Kafka
import Pipeline
import ProfileStore

/// What everybody sees in the end, held against the definition.
struct Verdict {
  private let trial: Trial
  private var cluster: Cluster { trial.world.cluster }

  init(_ trial: Trial) { self.trial = trial }

  /// What is wrong; nil where nothing is.
  var problem: String? {
    let changes = trial.options.edits > 0 ? EditedVerdict(trial).problem(atEnd: clocks) : changesProblem ?? adsProblem
    return changes ?? rejectedProblem ?? storesProblem
  }

  /// Nothing lost, nothing twice, nothing out of order, and each change what the definition says.
  private var changesProblem: String? {
    var found: ChangesByProfile = [:]
    for entry in cluster.committed("audience.warehouse") {
      found[text(entry.key), default: []].append(withoutOrigin(text(entry.value)))
    }
    let expected =
      trial.options.hasWallClock
      ? trial.shop.backtest(clocks: clocks) : trial.shop.backtest(partitions: trial.options.partitions)
    for profile in Set(found.keys).union(expected.keys).sorted() where found[profile] != expected[profile] {
      return difference(of: profile, found[profile, default: []], expected[profile, default: []])
    }
    return nil
  }

  /// The same of what ad platforms are told; and whoever reads the topic of members knows who is in.
  private var adsProblem: String? {
    var found: ChangesByProfile = [:]
    for entry in cluster.committed("audience.ads") {
      // That a profile is erased is told besides.
      if text(entry.value).hasPrefix("{\"type\":\"audience\"") {
        found[text(entry.key), default: []].append(text(entry.value))
      }
    }
    var members: [String: String] = [:]
    for entry in cluster.committed("audience.members") { members[text(entry.key)] = entry.value.map { text($0) } }
    let hasWallClock = trial.options.hasWallClock
    let expected = trial.shop.ads(
      clocks: hasWallClock ? clocks.map { $0 } : Array(repeating: nil, count: trial.options.partitions))
    for profile in Set(found.keys).union(expected.changes.keys).sorted()
    where found[profile] != expected.changes[profile] {
      return "for ads, " + difference(of: profile, found[profile, default: []], expected.changes[profile, default: []])
    }
    return members == expected.members ? nil : "members are \(members), not \(expected.members)"
  }

  private func difference(of profile: String, _ found: [String], _ expected: [String]) -> String {
    let same = zip(found, expected).prefix { $0 == $1 }.count
    return """
      of \(profile), \(found.count) changes were found and \(expected.count) expected; the first that differs is number \(same + 1)
      found:    \(same < found.count ? found[same] : "nothing")
      expected: \(same < expected.count ? expected[same] : "nothing")
      """
  }

  private var rejectedProblem: String? {
    let (found, expected) = (cluster.committed("rejected").count, trial.shop.rejectedCount)
    return found == expected ? nil : "\(found) records are rejected, not \(expected)"
  }

  /// Where the partitions' clocks stand: as the last task records say, or further where nobody changed since. Whoever is
  /// due by time alone must have changed soon after: 16 hours are `limits.settle`, and a second has nearly 7.
  private var clocks: [Instant] {
    let stopped = Instant(ms: Trial.originMs + trial.stoppedAtMs)
    let wallMs = trial.settings(process: 0).wallClock.instant(at: stopped).ms
    return (0..<trial.options.partitions).map { number in
      let record = changelog(number).last { $0.entry.key == [] }?.entry.value
      let clock = record.flatMap { bytes in bytes.withUnsafeBytes { try? TaskRecord(Bytes($0)).clock } }
      return max(clock ?? .distantPast, Instant(ms: wallMs - 45 * 3_600_000))
    }
  }

  private func changelog(_ number: Int) -> [(offset: Int64, entry: PartitionLog.Entry)] {
    cluster.log(TopicPartition("\(Trial.app).usher.profiles", Int32(number))).committed
  }

  /// Each store, with what the changelog has from its position on, is what the whole changelog says.
  private var storesProblem: String? {
    for number in 0..<trial.options.partitions {
      let changelog = changelog(number)
      let whole = Self.fold(changelog[...], into: [:])
      for (place, folder) in trial.folders.enumerated() {
        guard let contents = folder.committed(Int32(number)), let position = contents.position else { continue }
        let rest = changelog.drop { $0.offset < position.changelogOffset }
        let folded = Self.fold(rest, into: contents.profiles.mapValues(\.state))
        if folded == whole { continue }
        let odd = Set(folded.keys).union(whole.keys).filter { folded[$0] != whole[$0] }.map { text($0) }.sorted()
        return "the store of partition \(number) of process \(place) is not what the changelog says of \(odd)"
      }
    }
    return nil
  }

  private static func fold(
    _ entries: ArraySlice<(offset: Int64, entry: PartitionLog.Entry)>, into start: [[UInt8]: [UInt8]]
  ) -> [[UInt8]: [UInt8]] {
    var states = start
    for (_, entry) in entries where entry.key != [] { states[entry.key ?? []] = entry.value }
    return states
  }

  private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }
}
