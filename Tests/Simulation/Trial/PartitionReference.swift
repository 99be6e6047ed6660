import Audiences
import Engine
import Events
import Pipeline

/// What comes of a partition's records where nothing but one plan ever was.
struct PartitionReference {
  private(set) var changes: [SeenChange] = []
  /// After so many records, those to whom something happens at the very instant of the clock, once it moves on.
  private(set) var due: [Int64: Set<String>] = [:]

  /// - Parameter marks: the counts of records at which it is to be known who is due.
  init(_ plan: Plan, _ records: [[UInt8]?], partitions: Int, marks: Set<Int64>) {
    var names = plan.names
    var reader = RecordReader(plan.taxonomy, names: &names)
    var engine = PartitionEngine(plan: plan)
    var json = TrackRecord(plan)
    for (offset, value) in records.enumerated() {
      if marks.contains(Int64(offset)) { due[Int64(offset)] = Self.due(engine) }
      guard let value else { continue }
      withRoom(String(decoding: value, as: UTF8.self)) { bytes in
        guard case .record(let record) = reader.read(bytes), let time = record.time else { return }
        engine.apply(record, at: time, merges: record.mergesWithinPartition(of: partitions))
        for index in 0..<engine.changes.count {
          let origin = ChangeOrigin(partition: 0, offset: Int64(offset), clock: engine.clock)
          if engine.change(index).kind == .updated { continue }  // told to ad platforms alone
          let text = json.write(engine.change(index), from: origin, cause: record.eventName).text
          if let change = SeenChange(text) { changes.append(change) }
        }
        engine.clearChanges()
      }
    }
    if marks.contains(Int64(records.count)) { due[Int64(records.count)] = Self.due(engine) }
  }

  private static func due(_ engine: borrowing PartitionEngine) -> Set<String> {
    var due: Set<String> = []
    let clock = engine.clock
    _ = engine.forEachState(from: 0, most: .max) { if $0.due <= clock { due.insert($0.id.text) } }
    return due
  }
}

/// A change as a reader of the warehouse's topic sees it.
struct SeenChange {
  let profile: String
  let key: String
  let kind: String
  let at: String
  let reason: String
  let seq: Int
  /// Which record brought it, or was the last before it.
  let offset: Int64
  let partition: Int
  /// All that does not depend on changes before it, nor on what an audience is called, which may change alone.
  let text: String

  /// Nil where the record is no change.
  init?(_ record: String) {
    guard let kind = Self.value("\"change\":\"", in: record, upTo: "\"") else { return nil }
    self.kind = kind
    profile = Self.value("\"userId\":\"", in: record, upTo: "\",\"messageId\"") ?? ""
    key = Self.value("\"audience\":\"", in: record, upTo: "\"") ?? ""
    at = Self.value("\"timestamp\":\"", in: record, upTo: "\"") ?? ""
    reason = Self.value("\"reason\":{\"kind\":\"", in: record, upTo: "\"") ?? ""
    seq = Self.value("\"seq\":", in: record, upTo: ",").flatMap { Int($0) } ?? 0
    let origin = record.firstRange(of: "\"context\":{\"usher\":").map { String(record[$0.upperBound...]) } ?? ""
    partition = Self.value("\"partition\":", in: origin, upTo: ",").flatMap { Int($0) } ?? -1
    offset = Self.value("\"offset\":", in: origin, upTo: ",").flatMap { Int64($0) } ?? -1
    var text = withoutOrigin(record)
    for (from, to) in [
      ("\"messageId\":\"", "\""), ("\"seq\":", ","), ("\"entered_at\":\"", "\""), ("\"purpose\":\"", "\","),
    ] {
      guard let start = text.firstRange(of: from), let end = text[start.upperBound...].firstRange(of: to) else {
        continue
      }
      text.removeSubrange(start.lowerBound..<end.upperBound)
    }
    self.text = text
  }

  var place: String { "\(profile) \(key)" }
  /// The change with the record that brought it.
  var told: String { "\(offset) \(text)" }
  var isBegin: Bool { kind == "entered" || kind == "held_out" }

  static func value(_ start: String, in text: String, upTo end: String) -> String? {
    guard let from = text.firstRange(of: start)?.upperBound, let to = text[from...].firstRange(of: end) else {
      return nil
    }
    return String(text[from..<to.lowerBound])
  }
}
