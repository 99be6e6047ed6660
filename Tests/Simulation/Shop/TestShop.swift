package import Audiences
import Engine
package import Events
package import Judge
package import Pipeline
import YAML

/// Definitions, and a log for them.
package struct TestShop {
  package let files: [String: String]
  package let plan: Plan
  package let definitions: [Definition]
  package let knownEvents: Judge.Taxonomy
  package var lines: [String]

  /// Definitions that cannot be read: the test is wrong.
  package struct Unreadable: Error { package let reason: String }

  /// A shop whose every audience goes to the warehouse. Lines that have no time of their own are left out: what becomes
  /// of them depends on the record's, which a backtest does not have.
  /// - Parameter settle: how far behind the wall clock time goes on at the end of a partition; nil for the usual.
  package init(_ shop: ShopCase, settle: String? = nil) throws {
    var files = shop.files
    if let settle { files["ops/policy.yaml"] = "limits: { settle: \(settle) }\n" }
    for definition in shop.definitions {
      let toAds = definition.isToldToAds ? "ads: [meta], " : ""
      let text = definition.yaml.replacing("\(Definition.toAds)\n", with: "")
      files["ops/audiences/\(definition.key).yaml"] = text + "to: { \(toAds)warehouse: all }\n"
    }
    let (project, diagnostics) = Project.read(texts: files)
    let errors = diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty, let read = project else { throw Unreadable(reason: "\(errors)") }
    self.files = files
    plan = Plan(read)
    definitions = shop.definitions
    knownEvents = shop.taxonomy
    lines = []
    let reader = LineReader(plan)
    lines = shop.lines.filter { reader.profile(of: $0) != .timeless }
  }

  /// The eight audiences of the standard workload over an orderly log of that many events.
  package init(events: Int, profiles: Int = 120, seed: UInt64 = 1) throws {
    var log = WorkloadLog(profiles: profiles, seed: seed)
    let lines = (0..<events).map { log.line(number: $0) }
    try self.init(ShopCase(taxonomy: Workload.taxonomy, definitions: Workload.definitions, lines: lines))
  }

  /// The definitions as a process comes with them that reads them at an instant.
  package func definitions(readAt: Instant) -> Pipeline.Definitions {
    Pipeline.Definitions(plan, files: files.mapValues { Array($0.utf8) }, readAt: readAt)
  }

  /// The log as records, keyed by profile, each recorded at its own time or after it.
  package var records: [Outgoing] {
    let reader = LineReader(plan)
    return lines.map { line in
      guard case .of(let profile) = reader.profile(of: line) else {
        return Outgoing(key: nil, value: line, recordedMs: Self.recordedMs)
      }
      return Outgoing(key: profile, value: line, recordedMs: Self.recordedMs)
    }
  }

  /// The first of January 2040: after every event of a test's log.
  package static let recordedMs: Int64 = 2_208_988_800_000

  /// The changes that a backtest tells, of so many partitions.
  package func backtest(partitions: Int) -> ChangesByProfile {
    backtest(partitions: partitions, until: nil) { _ in true }
  }

  /// The changes of partitions whose clocks have gone on to some instant each.
  package func backtest(clocks: [Instant]) -> ChangesByProfile {
    var changes: ChangesByProfile = [:]
    for (partition, clock) in clocks.enumerated() {
      changes.merge(backtest(partitions: clocks.count, until: clock) { $0 == partition }) { $0 + $1 }
    }
    return changes
  }

  /// How many lines are rejected.
  package var rejectedCount: Int {
    var run = Backtest(plan)
    return lines.count { line in
      withRoom(line) { bytes in (try? run.apply(bytes, number: 0) { _, _, _ in }) == nil }
    }
  }

  /// What ad platforms are told, and who is in for them in the end, by the records' keys.
  package func ads(clocks: [Instant?]) -> (changes: ChangesByProfile, members: [String: String]) {
    var (changes, members): (ChangesByProfile, [String: String]) = ([:], [:])
    var record = AdsRecord(plan)
    for (partition, clock) in clocks.enumerated() {
      backtest(partitions: clocks.count, until: clock) { change, origin, _ in
        guard origin.partition == partition, !plan.audiences[change.audience].definition.to.ads.isEmpty else { return }
        switch change.kind {
        case .heldOut, .holdoutEnded: return
        case .entered, .exited, .updated: break
        }
        changes[record.key(of: change.profile).text, default: []].append(record.write(change).text)
        members[record.memberKey(of: change).text] = record.writeMember(after: change)?.text
      }
    }
    return (changes, members)
  }

  private func backtest(partitions: Int, until: Instant?, of isWanted: (_ partition: Int) -> Bool) -> ChangesByProfile {
    var record = TrackRecord(plan)
    var changes: ChangesByProfile = [:]
    backtest(partitions: partitions, until: until) { change, origin, cause in
      if change.kind == .updated || !isWanted(origin.partition) { return }
      let text = withoutOrigin(record.write(change, from: origin, cause: cause).text)
      changes[change.profile.text, default: []].append(text)
    }
    return changes
  }

  private func backtest(partitions: Int, until: Instant?, _ take: (Engine.Change, ChangeOrigin, Bytes) -> Void) {
    var run = Backtest(plan, partitions: partitions, until: until, tellsUpdates: true)
    for (number, line) in lines.enumerated() {
      withRoom(line) { bytes in
        try? run.apply(bytes, number: Int64(number), took: take)
        run.catchUp(took: take)
      }
    }
    run.finish(after: Int64(lines.count), took: take)
  }
}

/// Tells whose a line is, as the engine reads it.
private final class LineReader {
  enum Owner: Equatable { case of(String), nobody, timeless }
  private var reader: RecordReader

  init(_ plan: Plan) {
    var names = plan.names
    reader = RecordReader(plan.taxonomy, names: &names)
  }

  func profile(of line: String) -> Owner {
    withRoom(line) { bytes in
      guard case .record(let record) = reader.read(bytes) else { return .nobody }
      return record.time == nil ? .timeless : .of(record.profile.text)
    }
  }
}

/// Lends a line's bytes with the room behind them that a reader wants.
package func withRoom<Result>(_ line: String, _ body: (Bytes) -> Result) -> Result {
  let room = Array(line.utf8) + Array(repeating: 0, count: RecordReader.padding)
  return room.withUnsafeBytes { body(Bytes($0).slice(0, line.utf8.count)) }
}

/// A record to write to the input.
package struct Outgoing {
  package var key: String?
  package var value: String?
  /// The record's own time; nil for now.
  package var recordedMs: Int64?
  package var partition: Int32?

  package init(key: String?, value: String?, recordedMs: Int64? = nil, partition: Int32? = nil) {
    self.key = key
    self.value = value
    self.recordedMs = recordedMs
    self.partition = partition
  }
}

/// Changes by the profile they are of, in their order: what they say, without where and when it was written.
package typealias ChangesByProfile = [String: [String]]

/// How each profile began who is in an audience, or held out of it, after changes: `entered` or `held_out`, by profile and
/// audience.
package func standings(after changes: ChangesByProfile) -> [String: String] {
  var standings: [String: String] = [:]
  for record in changes.values.joined() {
    guard let change = SeenChange(record) else { continue }
    standings[change.place] = change.isBegin ? change.kind : nil
  }
  return standings
}

/// A change's record up to its context: partition, offset and clock depend on the run.
package func withoutOrigin(_ value: String) -> String {
  value.firstRange(of: ",\"context\":").map { String(value[..<$0.lowerBound]) } ?? value
}

extension TestShop {
  /// The same definitions and log, to make another shop of.
  package var asCase: ShopCase { ShopCase(taxonomy: knownEvents, definitions: definitions, lines: lines) }

  /// When the event of a line happened, as the line says.
  package func timeMs(of line: Int) -> Int64 {
    guard let start = lines[line].firstRange(of: "\"timestamp\":")?.upperBound else { return 0 }
    return Int64(lines[line][start...].prefix { $0.isNumber || $0 == "-" }) ?? 0
  }
}
