import Audiences
import Engine
import Events
import ProfileStore
import Testing

/// An engine that reads lines and tells its changes, and whose state can be taken and put back.
final class TestTask {
  let plan: Plan
  private(set) var changes: [String] = []
  private(set) var skipped = 0
  private var engine: PartitionEngine
  private var reader: RecordReader

  init(_ plan: Plan) {
    self.plan = plan
    engine = PartitionEngine(plan: plan)
    var names = plan.names
    reader = RecordReader(plan.taxonomy, names: &names)
  }

  /// A plan of audiences whose conditions are written as what stands behind `when: `.
  static func plan(_ files: [String: String]) throws -> Plan {
    let project = try #require(Project.read(texts: files).project)
    return Plan(project)
  }

  func apply(_ line: String) {
    let room = Array(line.utf8) + Array(repeating: 0, count: RecordReader.padding)
    room.withUnsafeBytes { buffer in
      guard case .record(let record) = reader.read(Bytes(buffer).slice(0, line.utf8.count)), let time = record.time
      else {
        skipped += 1
        return
      }
      engine.apply(record, at: time)
    }
    takeChanges()
  }

  func finish(atMs ms: Int64) {
    engine.finish(at: Instant(ms: ms))
    takeChanges()
  }

  private func takeChanges() {
    for index in 0..<engine.changes.count {
      let change = engine.change(index)
      changes.append(
        "\(change.profile.text) \(change.at) \(plan.audiences[change.audience].definition.key) \(change.kind) "
          + "\(change.reason) \(change.seq) \(change.enteredAt.ms)")
    }
    engine.clearChanges()
  }

  /// What is told of each profile, in order: profiles due at one instant have no order among each other.
  var changesByProfile: [String: [String]] {
    Dictionary(grouping: changes) { String($0.prefix { $0 != " " }) }
  }

  var clock: Instant { engine.clock }
  var profileCount: Int { engine.profileCount }

  /// Takes the states of the profiles that have changed, as the changelog would have them.
  func takeDirty(into store: inout [[UInt8]: [UInt8]]) {
    var buffer: [UInt8] = []
    for id in engine.erased { store[id] = nil }
    for index in 0..<engine.dirtyCount {
      let state = engine.dirtyState(index)
      ProfileCodec.encode(state, into: &buffer)
      store[Array(state.id.buffer)] = buffer
    }
    engine.clearDirty()
  }

  func restore(_ store: [[UInt8]: [UInt8]], clock: Instant) throws {
    for (id, bytes) in store { try restore(id, bytes) }
    engine.restore(clock: clock)
  }

  func restore(_ id: [UInt8], _ bytes: [UInt8]) throws {
    try id.withUnsafeBytes { id in
      try bytes.withUnsafeBytes { bytes in
        engine.restore(try ProfileCodec.decode(Bytes(bytes), id: Bytes(id), statusWords: plan.statusWords))
      }
    }
  }
}
