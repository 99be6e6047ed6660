import Audiences
import Engine
import Events
import Pipeline

/// What is made of the changes while they come about: lines of a file, sizes over time, who is in now.
struct BacktestOutput: ~Copyable {
  /// Where each change is written, if anywhere.
  var file: OutputFile?
  /// The sizes over time, where they are asked for.
  var sizes: SizeLog?
  /// The same, by steps of the length that was asked for.
  var steps: SizeLog?
  /// Who is in, where that is asked for.
  var people: PeopleBook?
  private var record: TrackRecord
  private var pending: [UInt8] = []

  init(_ plan: Plan) { record = TrackRecord(plan) }

  mutating func take(_ change: Change, _ origin: ChangeOrigin, _ cause: Bytes) {
    if file != nil { write(change, origin, cause) }
    sizes?.add(change.kind, audience: change.audience, at: change.at)
    steps?.add(change.kind, audience: change.audience, at: change.at)
    guard people != nil else { return }
    switch change.kind {
    case .entered: people?.set(change.audience, of: change.profile, to: true)
    case .exited: people?.set(change.audience, of: change.profile, to: false)
    case .heldOut, .holdoutEnded, .updated: break
    }
  }

  private mutating func write(_ change: Change, _ origin: ChangeOrigin, _ cause: Bytes) {
    let bytes = record.write(change, from: origin, cause: cause)
    pending.append(contentsOf: UnsafeBufferPointer(start: bytes.start, count: bytes.count))
    pending.append(0x0A)
  }

  mutating func flushIfLarge() throws(Files.Problem) {
    if pending.count > 1 << 20 { try flush() }
  }

  private mutating func flush() throws(Files.Problem) {
    try file?.add(bytes: pending)
    pending.removeAll(keepingCapacity: true)
  }

  mutating func finish() throws(Files.Problem) {
    try flush()
    try file?.flush()
  }
}
