import Delivery
import Events
import Glibc
import Testing

/// A folder of its own for one test; it goes with the object.
final class ScratchFolder {
  let path: String

  init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
    var template = Array("\(parent)/usher-delivery-XXXXXX".utf8CString)
    let isMade = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) != nil }
    try #require(isMade)
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    for name in ["", "-wal", "-shm"] {
      for file in ["w.db", "other.db"] { unlink("\(path)/\(file)\(name)") }
    }
    rmdir(path)
  }

  var warehouse: String { "\(path)/w.db" }
}

/// A change as a test wants it; everything else is as usual.
struct TestChange {
  var profile = "ada"
  var audience = "vip"
  var change = "entered"
  var seq = 1
  var minute = 0
  var version = 1
  /// Further members of `properties`, each with a comma before it.
  var included = ""
  var traits = ""

  init(_ change: String, _ profile: String = "ada", seq: Int, minute: Int = 0) {
    self.change = change
    self.profile = profile
    self.seq = seq
    self.minute = minute
  }

  var status: String { ["entered": "in", "held_out": "control"][change] ?? "out" }
  var time: String { Instant(ms: 1_790_000_000_000 + Int64(minute) * 60_000).description }

  var messageId: String {
    let hash = String(Hash64.of("\(audience):\(version):\(profile):\(change):\(minute):\(seq)"), radix: 16)
    return String(repeating: "0", count: 32 - hash.count) + hash
  }

  var json: String {
    """
    {"type":"track","event":"Audience \(change)","userId":"\(profile)","messageId":"\(messageId)","timestamp":"\(time)",\
    "properties":{"change":"\(change)","audience":"\(audience)","audience_name":"The \(audience)","version":\(version),\
    "purpose":"seed","status":"\(status)","seq":\(seq),"reason":{"kind":"event","event":"Order Completed"},\
    "entered_at":"\(time)"\(included)},"context":{"usher":{"partition":3,"offset":\(minute),"clock":"\(time)",\
    "emitted_at":"\(time)"}\(traits)}}
    """
  }
}

extension Hash64 {
  static func of(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { Hash64.of(Bytes($0.baseAddress!, count: $0.count)) }
  }
}

extension RecordBatch {
  static var topic: String { "audience.warehouse" }

  /// A batch of records from offset `from` of partition 0 on.
  static func of(_ values: [String?], from: Int64 = 0) -> RecordBatch {
    var batch = RecordBatch(topic: topic)
    for (index, value) in values.enumerated() {
      if var value {
        value.withUTF8 {
          batch.append(
            partition: 0, offset: from + Int64(index), key: Bytes("k"), value: Bytes($0.baseAddress!, count: $0.count))
        }
      } else {
        batch.append(partition: 0, offset: from + Int64(index), key: nil, value: nil)
      }
    }
    return batch
  }
}

extension SQLiteWarehouse {
  /// Delivers changes as the next ones of the topic.
  mutating func take(_ changes: TestChange...) throws -> BatchOutcome {
    try deliver(.of(changes.map(\.json), from: positions(in: RecordBatch.topic)[0] ?? 0))
  }
}

/// The rows of a query, their columns with `|` between them and `-` for NULL.
func rows(_ path: String, _ sql: String) throws -> [String] {
  let database = try Database(path: path)
  var query = try database.prepare(sql)
  var rows: [String] = []
  while try query.step() {
    rows.append((0..<query.columnCount).map { query.text(at: $0) ?? "-" }.joined(separator: "|"))
  }
  return rows
}

/// Everything in a warehouse but its offsets.
func content(_ path: String) throws -> [String] {
  try ["audiences", "memberships", "membership_history", "changes", "rejected_records"].flatMap {
    try rows(path, "SELECT * FROM \($0) ORDER BY 1, 2, 3")
  }
}

/// A file's bytes, read as text.
func fileBytes(_ path: String) throws -> String {
  let file = try #require(fopen(path, "r"))
  defer { fclose(file) }
  var bytes: [UInt8] = []
  while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
  return String(decoding: bytes, as: UTF8.self)
}

/// The same numbers for the same seed, everywhere.
struct Chance: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Hash64.mix(state, state >> 32)
  }
}
