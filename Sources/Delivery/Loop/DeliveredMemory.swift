import Events

/// What a destination that drops no repeat was sent last: the `seq` of each profile in each audience. It is kept on a
/// compacted topic, partition by partition as the changes come, under the destination, the audience and the SHA-256 of the
/// profile's id.
public final class DeliveredMemory {
  /// One thing to keep.
  struct Entry: Equatable {
    let partition: Int32
    let key: String
    /// Nothing where it is to be forgotten.
    let seq: Int64?
  }

  private let destination: String
  private var seqs: [UInt64: [UInt64: Int64]] = [:]
  private var audiences: [UInt64: String] = [:]
  /// Of the batch at hand, what is not sent yet, by the record's place.
  private var unsent: [Int: Entry] = [:]
  private var unwritten: [Entry] = []
  /// Whether it is used: of dead letters, which were never taken, nothing is a repeat.
  var isUsed = true

  init(of destination: String) { self.destination = destination }

  /// Whether a change is later than what was sent of its membership.
  func isNew(_ change: ChangeRecord) -> Bool {
    guard isUsed else { return true }
    let profile = Self.hash(Self.hex(change.profile))
    return change.seq > seqs[profile]?[Hash64.of(change.audience)] ?? 0
  }

  /// Begins a batch: of the one before, nothing more is sent.
  func begin() { unsent = [:] }

  /// Notes a change that is to be sent: the record at that place of the batch.
  func note(_ change: ChangeRecord, from partition: Int32, record: Int) {
    guard isUsed else { return }
    let hex = Self.hex(change.profile)
    let audience = change.audience.text
    keep(change.seq, hex, audience)
    unsent[record] = Entry(partition: partition, key: "\(destination):\(audience):\(hex)", seq: change.seq)
  }

  /// Notes that records were sent, and taken.
  func sent(_ records: [Int]) {
    for record in records {
      if let entry = unsent.removeValue(forKey: record) { unwritten.append(entry) }
    }
  }

  /// Forgets a profile that is erased.
  func forget(_ profile: Bytes, from partition: Int32) {
    guard isUsed else { return }
    let hex = Self.hex(profile)
    unsent = unsent.filter { !$0.value.key.hasSuffix(":\(hex)") }
    for audience in (seqs.removeValue(forKey: Self.hash(hex)) ?? [:]).keys {
      let name = audiences[audience] ?? ""
      unwritten.append(Entry(partition: partition, key: "\(destination):\(name):\(hex)", seq: nil))
    }
  }

  /// What was sent since that was last written.
  var changes: [Entry] { unwritten }

  /// What was sent is written.
  func written() { unwritten = [] }

  /// Begins anew: with what was written, and nothing else.
  func clear() {
    (seqs, unsent, unwritten) = ([:], [:], [])
  }

  /// Takes what is kept back: `DESTINATION:AUDIENCE:SHA-256`, and the seq in digits.
  func recall(_ key: String, _ value: String?) {
    guard key.hasPrefix("\(destination):"), let end = key.lastIndex(of: ":") else { return }
    let start = key.index(key.startIndex, offsetBy: destination.count + 1)
    guard start < end else { return }
    let (audience, hex) = (String(key[start..<end]), String(key[key.index(after: end)...]))
    if let seq = value.flatMap({ Int64($0) }) {
      keep(seq, hex, audience)
    } else {
      seqs[Self.hash(hex)]?[Self.hash(audience)] = nil
    }
  }

  private func keep(_ seq: Int64, _ hex: String, _ audience: String) {
    audiences[Self.hash(audience)] = audience
    seqs[Self.hash(hex), default: [:]][Self.hash(audience)] = seq
  }

  private static func hex(_ profile: Bytes) -> String {
    var digits = JSONWriter(capacity: SHA256.length * 2)
    digits.sha256(of: profile)
    return digits.text
  }

  private static func hash(_ text: String) -> UInt64 {
    var text = text
    return text.withUTF8 { Hash64.of(Bytes(UnsafeRawBufferPointer($0))) }
  }
}
