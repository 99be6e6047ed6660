internal import Events

/// The parts of a state, as they stand in it: see `Part`.
struct StateParts {
  private let start: UnsafeRawPointer
  private let byteCount: Int
  let count: Int

  init(_ state: ProfileState) {
    start = UnsafeRawPointer(state.parts.start)
    byteCount = state.parts.count
    count = state.partCount
  }

  func tag(_ index: Int) -> PartTag { PartTag(rawValue: load(index, 0)) }

  func mark(_ index: Int) -> UInt16 { load(index, 2) }

  func content(_ index: Int) -> UnsafeRawBufferPointer {
    let (from, to) = (offset(index), index + 1 < count ? offset(index + 1) : byteCount)
    return UnsafeRawBufferPointer(start: start + from, count: to - from)
  }

  /// The content of a part of a purpose; empty where there is none.
  func content(of tag: PartTag) -> UnsafeRawBufferPointer {
    for index in 0..<count where self.tag(index) == tag { return content(index) }
    return UnsafeRawBufferPointer(start: nil, count: 0)
  }

  private func offset(_ index: Int) -> Int { Int(load(index, 4) as UInt32) }

  private func load<Number: BitwiseCopyable>(_ index: Int, _ offset: Int) -> Number {
    start.loadUnaligned(fromByteOffset: index * Part.entryBytes + offset, as: Number.self)
  }
}

extension ProfileState {
  /// Whether a bit of the statuses is set; `words` come before those that it is looked for in.
  func hasBit(_ number: Int, after words: Int) -> Bool {
    statuses[words * 8 + number >> 3] & (1 << UInt8(number & 7)) != 0
  }
}

/// A state that is being put together from those of others.
struct StateDraft: ~Copyable {
  private struct Piece {
    var tag: UInt16
    var mark: UInt16
    var from: Int
    var to: Int
  }

  private var contents: [UInt8] = []
  private var pieces: [Piece] = []
  private var parts: [UInt8] = []
  /// Bits for each audience, as a state has them.
  private var statuses: [UInt64] = []

  mutating func removeAll(statusWords: Int) {
    contents.removeAll(keepingCapacity: true)
    pieces.removeAll(keepingCapacity: true)
    statuses.removeAll(keepingCapacity: true)
    for _ in 0..<statusWords { statuses.append(0) }
  }

  /// Sets a bit of the statuses; `words` come before those that it belongs in.
  mutating func setBit(_ number: Int, after words: Int) { statuses[words + number >> 6] |= 1 << UInt64(number & 63) }

  /// Begins a part; it has what is added until the next one begins. There is none of its tag yet.
  mutating func begin(_ tag: PartTag, mark: UInt16 = 0) {
    pieces.append(Piece(tag: tag.rawValue, mark: mark, from: contents.count, to: contents.count))
  }

  /// Whether a part of that tag has begun.
  func has(_ tag: PartTag) -> Bool { pieces.contains { $0.tag == tag.rawValue } }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    contents.append(contentsOf: bytes)
    pieces[pieces.count - 1].to = contents.count
  }

  /// Takes the part back that has begun last, where nothing was added.
  mutating func dropEmpty() { if let last = pieces.last, last.from == last.to { pieces.removeLast() } }

  /// The content of the part that has begun last.
  mutating func withLast<Result>(_ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result {
    let last = pieces[pieces.count - 1]
    return contents.withUnsafeMutableBytes { body(UnsafeMutableRawBufferPointer(rebasing: $0[last.from..<last.to])) }
  }

  /// Lends what was put together, as a state has it.
  mutating func withState<Result>(_ body: (_ statuses: Bytes, _ partCount: Int, _ parts: Bytes) -> Result) -> Result {
    pieces.sort { $0.tag < $1.tag }
    parts.removeAll(keepingCapacity: true)
    var offset = pieces.count * Part.entryBytes
    for piece in pieces {
      let place = UInt64(piece.tag) | UInt64(piece.mark) << 16 | UInt64(offset) << 32
      withUnsafeBytes(of: place.littleEndian) { parts.append(contentsOf: $0) }
      withUnsafeBytes(of: Int64.max.littleEndian) { parts.append(contentsOf: $0) }
      offset += piece.to - piece.from
    }
    for piece in pieces { parts.append(contentsOf: contents[piece.from..<piece.to]) }
    return statuses.withUnsafeBytes { statuses in
      parts.withUnsafeBytes { body(Bytes(statuses), pieces.count, Bytes($0)) }
    }
  }
}
