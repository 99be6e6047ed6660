internal import Events

/// One profile's block of memory, looked at through its layout. All numbers are little-endian and 8-byte aligned.
///
/// ```
/// head       40 bytes: used bytes, block bytes, due instant, armed instant, records applied, length of the id,
///            number of parts, marks, where the directory begins
/// leaves     a bit for each leaf of the plan: its answer at the last evaluation
/// eligible   a bit for each audience: whether the profile is eligible for it
/// in         a bit for each audience: whether the profile is in it
/// control    a bit for each audience, where any has a holdout: whether only that keeps the profile out
/// id         the profile's id, padded to 8 bytes
/// directory  16 bytes for each part, ordered by what they are for: see `Part`
/// contents   of the parts, in the order of the directory
/// ```
struct Profile {
  let base: UnsafeMutableRawPointer
  let layout: ProfileLayout

  /// How many bytes of the block are in use.
  var usedBytes: Int {
    get { Int(base.load(fromByteOffset: 0, as: UInt32.self)) }
    nonmutating set { base.storeBytes(of: UInt32(newValue), toByteOffset: 0, as: UInt32.self) }
  }

  /// How many bytes the block has.
  var blockBytes: Int {
    get { Int(base.load(fromByteOffset: 4, as: UInt32.self)) }
    nonmutating set { base.storeBytes(of: UInt32(newValue), toByteOffset: 4, as: UInt32.self) }
  }

  /// The next instant at which time alone can change something, in milliseconds.
  var dueMs: Int64 {
    get { base.load(fromByteOffset: 8, as: Int64.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: 8, as: Int64.self) }
  }

  /// The instant of the entry that stands for the profile in the due queue, in milliseconds: not later than `dueMs`.
  var armedMs: Int64 {
    get { base.load(fromByteOffset: 16, as: Int64.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: 16, as: Int64.self) }
  }

  /// How many records were applied: it orders events of equal time.
  var arrivals: UInt32 {
    get { base.load(fromByteOffset: 24, as: UInt32.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: 24, as: UInt32.self) }
  }

  private var idLength: Int { Int(base.load(fromByteOffset: 28, as: UInt32.self)) }

  /// How many parts there are.
  var partCount: Int {
    get { Int(base.load(fromByteOffset: 32, as: UInt16.self)) }
    nonmutating set { base.storeBytes(of: UInt16(newValue), toByteOffset: 32, as: UInt16.self) }
  }

  /// Whether the profile has changed since its state was last taken.
  var isDirty: Bool {
    get { base.load(fromByteOffset: 34, as: UInt8.self) != 0 }
    nonmutating set { base.storeBytes(of: newValue ? 1 : 0, toByteOffset: 34, as: UInt8.self) }
  }

  /// Whether the leaves' answers are not known: the profile was restored, or begins anew, and was not looked at since.
  var isUnevaluated: Bool {
    get { marks & 1 != 0 }
    nonmutating set { marks = newValue ? marks | 1 : marks & ~1 }
  }

  /// Whether the profile has moved into another one. Only its memberships are kept, so that their changes are counted
  /// on when the id is used again.
  var hasMoved: Bool {
    get { marks & 2 != 0 }
    nonmutating set { marks = newValue ? marks | 2 : marks & ~2 }
  }

  /// Whether the profile was adopted from a former plan, and was not looked at since.
  var isUnsettled: Bool {
    get { marks & 4 != 0 }
    nonmutating set { marks = newValue ? marks | 4 : marks & ~4 }
  }

  private var marks: UInt8 {
    get { base.load(fromByteOffset: 35, as: UInt8.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: 35, as: UInt8.self) }
  }

  /// Where the directory begins, in bytes from the base.
  var directoryAt: Int {
    get { Int(base.load(fromByteOffset: 36, as: UInt32.self)) }
    nonmutating set { base.storeBytes(of: UInt32(newValue), toByteOffset: 36, as: UInt32.self) }
  }

  /// The answers of the leaves at the last evaluation.
  var leaves: UnsafeMutablePointer<UInt64> {
    (base + ProfileLayout.headBytes).assumingMemoryBound(to: UInt64.self)
  }

  /// Which audiences the profile is eligible for.
  var eligible: UnsafeMutablePointer<UInt64> { leaves + layout.leafWords }

  /// Which audiences the profile is in.
  var members: UnsafeMutablePointer<UInt64> { eligible + layout.audienceWords }

  /// Which audiences only a holdout keeps the profile out of; there where the layout has controls.
  var controls: UnsafeMutablePointer<UInt64> { members + layout.audienceWords }

  /// Whose it is.
  var id: Bytes {
    Bytes((base + layout.idOffset).assumingMemoryBound(to: UInt8.self), count: idLength)
  }

  /// Fills a new block.
  func initialize(id: Bytes, blockBytes: Int, leaves: [UInt64]) {
    let directoryAt = layout.idOffset + ProfileLayout.padded(id.count)
    base.initializeMemory(as: UInt64.self, repeating: 0, count: directoryAt / 8)
    base.storeBytes(of: UInt32(id.count), toByteOffset: 28, as: UInt32.self)
    (base + layout.idOffset).copyMemory(from: id.start, byteCount: id.count)
    self.directoryAt = directoryAt
    usedBytes = directoryAt
    self.blockBytes = blockBytes
    dueMs = .max
    armedMs = .max
    for (word, bits) in leaves.enumerated() { self.leaves[word] = bits }
  }
}

/// Where things stand in a profile's block: it depends on the plan.
struct ProfileLayout {
  let leafWords: Int
  let audienceWords: Int
  let hasControls: Bool

  static let headBytes = 40

  /// How many words tell of audiences: those that a state keeps.
  var statusWords: Int { audienceWords * (hasControls ? 3 : 2) }

  var idOffset: Int { Self.headBytes + 8 * (leafWords + statusWords) }

  static func padded(_ bytes: Int) -> Int { (bytes + 7) & ~7 }
}
