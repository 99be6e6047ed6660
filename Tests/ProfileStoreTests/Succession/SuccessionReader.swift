import Audiences
import Engine
import Events
import ProfileStore
import Testing

/// One project's plan, and its way of reading lines.
final class SuccessionReader {
  let plan: Plan
  private var reader: RecordReader

  init(files: [String: String]) throws {
    plan = try TestTask.plan(files)
    var names = plan.names
    reader = RecordReader(plan.taxonomy, names: &names)
  }

  /// Hands over the record that stands in a line, if there is one with a time.
  func read(_ line: String, _ body: (Record, Instant) -> Void) {
    let room = Array(line.utf8) + Array(repeating: 0, count: RecordReader.padding)
    room.withUnsafeBytes { buffer in
      guard case .record(let record) = reader.read(Bytes(buffer).slice(0, line.utf8.count)), let time = record.time
      else { return }
      body(record, time)
    }
  }

  /// The changes that an engine has to tell, which are taken.
  func take(_ engine: inout PartitionEngine, _ succession: Succession?, record: Int) -> [ToldChange] {
    var taken: [ToldChange] = []
    for index in 0..<engine.changes.count {
      let change = engine.change(index)
      let (key, telling) = audience(change.audience, succession)
      taken.append(
        ToldChange(
          record: record, atMs: change.at.ms, profile: change.profile.text, key: key, kind: change.kind,
          reason: told(change.reason), telling: telling, seq: Int(change.seq), enteredAtMs: change.enteredAt.ms,
          payload: change.payload.text))
    }
    engine.clearChanges()
    return taken
  }

  private func audience(_ number: Int, _ succession: Succession?) -> (key: String, ToldChange.Telling) {
    guard let succession, number >= plan.audiences.count else { return (key(number), .everybody) }
    let beyond = number - plan.audiences.count
    guard beyond < succession.farewells.count else {
      return (key(succession.introductions[beyond - succession.farewells.count].audience), .introduction)
    }
    let farewell = succession.farewells[beyond]
    return (farewell.audience.key, farewell.now < plan.audiences.count ? .farewellOfSome : .farewell)
  }

  /// The same under every plan.
  private func told(_ reason: Change.Reason) -> String {
    switch reason {
    case .event(let number): number == Record.unknownEvent ? "event" : "event \(plan.eventNames[Int(number)])"
    case .suppressed(let other): "suppressed \(key(other))"
    case .outranked(let other): "outranked \(key(other))"
    default: "\(reason)"
    }
  }

  private func key(_ audience: Int) -> String { plan.audiences[audience].definition.key }

  /// What comes about where nothing but these definitions ever was.
  func undisturbed(_ lines: [String], finishAtMs: Int64) -> UndisturbedRun {
    var engine = PartitionEngine(plan: plan)
    var run = UndisturbedRun()
    for (number, line) in lines.enumerated() {
      read(line) { engine.apply($0, at: $1) }
      run.changes += take(&engine, nil, record: number)
      var due: Set<String> = []
      _ = engine.forEachState(from: 0, most: .max / 2) { if $0.due <= engine.clock { due.insert($0.id.text) } }
      run.due.append(due)
    }
    engine.finish(at: max(Instant(ms: finishAtMs), engine.clock))
    run.changes += take(&engine, nil, record: lines.count)
    return run
  }
}

/// A run of one plan.
struct UndisturbedRun {
  var changes: [ToldChange] = []
  /// After each record, the profiles to which something happens at the very instant of the clock, once it moves on.
  var due: [Set<String>] = []
}

/// A change as it was told.
struct ToldChange: CustomStringConvertible {
  /// How many records had been applied before the one that brought it.
  var record: Int
  var atMs: Int64
  var profile: String
  var key: String
  var kind: Change.Kind
  var reason: String
  var telling = Telling.everybody
  var seq: Int
  var enteredAtMs: Int64
  var payload: String

  /// Who is told: all of an audience's destinations of the day; those of one that is gone; or those alone that are told
  /// no longer, or from now on, while the person stays in for the others.
  enum Telling { case everybody, farewell, farewellOfSome, introduction }

  /// Whether it leaves everybody where they are.
  var isOfSome: Bool { telling == .farewellOfSome || telling == .introduction || kind == .updated }

  var place: String { "\(profile) \(key)" }

  /// Without what depends on changes before it.
  var text: String { "\(atMs) \(profile) \(key) \(kind) \(reason) \(payload)" }

  var description: String { "\(record): \(text) #\(seq)" }
}

/// Who is in what, as changes tell it.
struct ToldStatuses: Equatable {
  private(set) var statuses: [String: AudienceStatus] = [:]
  private var profiles: [String: String] = [:]

  init(_ changes: some Sequence<ToldChange>) { for change in changes { take(change) } }

  mutating func take(_ change: ToldChange) {
    profiles[change.place] = change.profile
    if change.isOfSome { return }
    switch change.kind {
    case .updated: break
    case .entered: statuses[change.place] = .in
    case .heldOut: statuses[change.place] = .control
    case .exited, .holdoutEnded: statuses[change.place] = nil
    }
  }

  subscript(place: String) -> AudienceStatus { statuses[place] ?? .out }

  /// The kinds of changes that lead to others, by place; places of some profiles are left out.
  func changes(to next: ToldStatuses, without left: Set<String>) -> [String: [Change.Kind]] {
    var kinds: [String: [Change.Kind]] = [:]
    for place in Set(statuses.keys).union(next.statuses.keys) {
      let profile = profiles[place] ?? next.profiles[place] ?? ""
      if self[place] == next[place] || left.contains(profile) { continue }
      var steps: [Change.Kind] = []
      switch self[place] {
      case .out: break
      case .in: steps.append(.exited)
      case .control: steps.append(.holdoutEnded)
      }
      switch next[place] {
      case .out: break
      case .in: steps.append(.entered)
      case .control: steps.append(.heldOut)
      }
      kinds[place] = steps
    }
    return kinds
  }
}
