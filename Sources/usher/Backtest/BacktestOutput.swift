import Audiences
import Engine
import Events
import Pipeline

/// Where the changes go, if anywhere.
struct BacktestOutput: ~Copyable {
  var file: OutputFile?
  private var record: WarehouseRecord
  private var pending: [UInt8] = []

  init(_ plan: Plan) { record = WarehouseRecord(plan) }

  mutating func write(_ change: Change, _ origin: ChangeOrigin, _ cause: Bytes) {
    if file == nil { return }
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
