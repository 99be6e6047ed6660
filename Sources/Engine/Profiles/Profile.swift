internal import Events

/// One profile's block of memory, looked at through its layout. All numbers are little-endian and 8-byte aligned.
///
/// ```
/// head      40 bytes: used bytes, block bytes, due instant, armed instant, events applied, length of the id, marks
/// leaves    a bit for each leaf of the plan: its answer at the last evaluation
/// statuses  a bit for each audience: whether the profile is in
/// id        the profile's id, padded to 8 bytes
/// parts     one after the other: see `Part`
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

  /// How many events were applied: it orders events of equal time.
  var arrivals: UInt32 {
    get { base.load(fromByteOffset: 24, as: UInt32.self) }
    nonmutating set { base.storeBytes(of: newValue, toByteOffset: 24, as: UInt32.self) }
  }

  private var idLength: Int { Int(base.load(fromByteOffset: 28, as: UInt32.self)) }

  /// Whether the profile has changed since its state was last taken.
  var isDirty: Bool {
    get { base.load(fromByteOffset: 32, as: UInt8.self) != 0 }
    nonmutating set { base.storeBytes(of: newValue ? 1 : 0, toByteOffset: 32, as: UInt8.self) }
  }

  /// Whether the leaves' answers are not known: the profile was restored and not looked at since.
  var isUnevaluated: Bool {
    get { base.load(fromByteOffset: 33, as: UInt8.self) != 0 }
    nonmutating set { base.storeBytes(of: newValue ? 1 : 0, toByteOffset: 33, as: UInt8.self) }
  }

  /// The answers of the leaves at the last evaluation.
  var leaves: UnsafeMutablePointer<UInt64> {
    (base + ProfileLayout.headBytes).assumingMemoryBound(to: UInt64.self)
  }

  /// Which audiences the profile is in.
  var statuses: UnsafeMutablePointer<UInt64> { leaves + layout.leafWords }

  /// Whose it is.
  var id: Bytes {
    Bytes((base + layout.idOffset).assumingMemoryBound(to: UInt8.self), count: idLength)
  }

  /// Where the parts begin, in bytes from the base.
  var partsOffset: Int { layout.idOffset + ProfileLayout.padded(idLength) }

  /// Fills a new block.
  func initialize(id: Bytes, blockBytes: Int, leaves: [UInt64]) {
    base.initializeMemory(as: UInt64.self, repeating: 0, count: (layout.idOffset + ProfileLayout.padded(id.count)) / 8)
    base.storeBytes(of: UInt32(id.count), toByteOffset: 28, as: UInt32.self)
    (base + layout.idOffset).copyMemory(from: id.start, byteCount: id.count)
    usedBytes = partsOffset
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

  static let headBytes = 40

  var idOffset: Int { Self.headBytes + 8 * (leafWords + audienceWords) }

  static func padded(_ bytes: Int) -> Int { (bytes + 7) & ~7 }
}
