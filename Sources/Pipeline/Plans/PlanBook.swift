internal import Events
internal import ProfileStore

/// The plans that a task's states were kept under, as its changelog tells them.
struct PlanBook {
  private var parts: [UInt32: [UInt32: [UInt8]]] = [:]

  /// Takes a part of a plan; nil where it is gone.
  mutating func take(_ value: Bytes?, plan: UInt32, part: UInt32) {
    parts[plan, default: [:]][part] = value.map { Array($0.buffer) }
    if parts[plan]?.isEmpty ?? false { parts[plan] = nil }
  }

  /// Takes a plan that is written now.
  /// - Returns: the keys of parts that it had before and has no longer.
  mutating func take(_ record: PlanRecord) -> [[UInt8]] {
    let former = parts[record.number] ?? [:]
    let now = Dictionary(uniqueKeysWithValues: record.parts.enumerated().map { (UInt32($0), $1.value) })
    parts[record.number] = now
    return former.keys.filter { now[$0] == nil }.sorted().map { PlanRecord.key(plan: record.number, part: $0) }
  }

  /// A plan; nil where it is not there, or not whole.
  ///
  /// - Throws: `CodecError` where another version of Usher has written it.
  func record(_ number: UInt32) throws(CodecError) -> PlanRecord? {
    guard let parts = parts[number] else { return nil }
    return try PlanRecord(number: number, parts: parts.sorted { $0.key < $1.key }.map(\.value))
  }

  /// The keys of all plans but one, which are to be removed.
  mutating func dropAll(but kept: UInt32) -> [[UInt8]] {
    var keys: [[UInt8]] = []
    for (number, parts) in parts where number != kept {
      keys += parts.keys.sorted().map { PlanRecord.key(plan: number, part: $0) }
      self.parts[number] = nil
    }
    return keys
  }
}
