internal import Events

/// The slots of the event at hand, in the form in which its entry keeps them (`StoryEntry`), before there is room for it
/// in the profile.
struct SlotDraft: ~Copyable {
  private var buffer: UnsafeMutableRawPointer
  private var capacity = 1024
  /// How many bytes the slots have so far.
  private(set) var byteCount = 0
  /// How much the event counts against the limit: as much as it has values, at least 1.
  private(set) var weight = 1

  init() { buffer = .allocate(byteCount: capacity, alignment: 8) }

  deinit { buffer.deallocate() }

  mutating func removeAll() { (byteCount, weight) = (0, 1) }

  /// A slot of hashes or numbers.
  mutating func append(_ words: borrowing GrowingTable<UInt64>) {
    let start = begin(values: words.count, bytes: words.count * 8)
    for index in 0..<words.count { start.storeBytes(of: words[index], toByteOffset: index * 8, as: UInt64.self) }
  }

  /// A slot of the values themselves.
  mutating func append(texts values: borrowing Values) {
    KeptValues.write(values, to: begin(values: values.count, bytes: KeptValues.byteCount(of: values)))
  }

  func copy(to place: UnsafeMutableRawPointer) { place.copyMemory(from: buffer, byteCount: byteCount) }

  /// Makes room for a slot, and writes its head. Gives where the values go.
  private mutating func begin(values: Int, bytes: Int) -> UnsafeMutableRawPointer {
    let end = byteCount + StoryValues.headBytes + bytes
    if end > capacity { grow(to: end * 2) }
    let head = buffer + byteCount
    head.storeBytes(of: UInt32(values), as: UInt32.self)
    head.storeBytes(of: UInt32(bytes), toByteOffset: 4, as: UInt32.self)
    byteCount = end
    weight = max(weight, values)
    return head + StoryValues.headBytes
  }

  private mutating func grow(to bytes: Int) {
    let grown = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 8)
    copy(to: grown)
    buffer.deallocate()
    (buffer, capacity) = (grown, bytes)
  }
}
