/// The number of an event in the taxonomy, found by the name that a record has for it, in whatever spelling.
///
/// Spellings that were seen are remembered by their bytes, so that folding a name (language, section 1) is paid once.
struct EventNames: ~Copyable {
  private let taxonomy: Taxonomy
  private let slots: UnsafeMutablePointer<Slot>
  private var remembered = 0
  private static let capacity = 4096
  /// Beyond so many spellings, and where one is very long, a name is folded each time: a stream of random names must
  /// not fill the memory.
  private static let most = capacity / 2

  private struct Slot {
    var hash: UInt64 = 0
    var text: UnsafeMutablePointer<UInt8>?
    var length = 0
    var event = EventNames.unknown
  }

  /// What stands for an event that the taxonomy does not know.
  static let unknown: Int32 = -1

  init(_ taxonomy: Taxonomy) {
    self.taxonomy = taxonomy
    slots = .allocate(capacity: Self.capacity)
    slots.initialize(repeating: Slot(), count: Self.capacity)
  }

  deinit {
    for index in 0..<Self.capacity { slots[index].text?.deallocate() }
    slots.deallocate()
  }

  /// The number of the event, or `unknown`.
  mutating func number(of name: Bytes) -> Int32 {
    let hash = Hash64.of(name)
    var at = Int(truncatingIfNeeded: hash) & (Self.capacity - 1)
    while let text = slots[at].text {
      if slots[at].hash == hash, Bytes(text, count: slots[at].length) == name { return slots[at].event }
      at = (at + 1) & (Self.capacity - 1)
    }
    let event = taxonomy.position(of: name.text).map(Int32.init) ?? Self.unknown
    if remembered < Self.most, name.count <= UnknownEvents.longestName { remember(name, hash, event, at: at) }
    return event
  }

  private mutating func remember(_ name: Bytes, _ hash: UInt64, _ event: Int32, at slot: Int) {
    let text = UnsafeMutablePointer<UInt8>.allocate(capacity: max(name.count, 1))
    text.update(from: name.start, count: name.count)
    slots[slot] = Slot(hash: hash, text: text, length: name.count, event: event)
    remembered += 1
  }
}
