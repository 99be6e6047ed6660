/// The memory of profiles: blocks of a few dozen sizes, cut from large chunks, so that a growing profile costs no call
/// to the system's allocator and blocks of equal size are used again.
struct ProfileArena: ~Copyable {
  private var chunks: [UnsafeMutableRawPointer] = []
  private var free: UnsafeMutableRawPointer?
  private var freeBytes = 0
  private var lists: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  /// How many bytes were taken from the system.
  private(set) var reservedBytes = 0
  /// How many bytes the blocks have that were taken and not given back.
  private(set) var usedBytes = 0

  private static let chunkBytes = 1 << 20
  private static let smallest = 64
  private static let classes = 128

  init() {
    lists = .allocate(capacity: Self.classes)
    lists.initialize(repeating: nil, count: Self.classes)
  }

  deinit {
    for chunk in chunks { chunk.deallocate() }
    lists.deallocate()
  }

  /// Which list serves that many bytes, and how many its blocks have: four sizes for every doubling.
  private static func sizeClass(_ bytes: Int) -> (index: Int, bytes: Int) {
    if bytes <= smallest { return (0, smallest) }
    let doubling = Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount
    let step = 1 << (doubling - 2)
    let steps = (bytes - (1 << doubling) + step - 1) / step
    return ((doubling - 6) * 4 + steps, (1 << doubling) + steps * step)
  }

  /// A block of at least that many bytes, and how many it has.
  mutating func take(_ bytes: Int) -> (block: UnsafeMutableRawPointer, bytes: Int) {
    let (index, size) = Self.sizeClass(bytes)
    usedBytes += size
    if let block = lists[index] {
      lists[index] = block.load(as: UnsafeMutableRawPointer?.self)
      return (block, size)
    }
    if freeBytes < size { addChunk(size) }
    guard let block = free else { preconditionFailure("a chunk was just added") }
    free = block + size
    freeBytes -= size
    return (block, size)
  }

  /// Takes a block back.
  mutating func give(_ block: UnsafeMutableRawPointer, bytes: Int) {
    let index = Self.sizeClass(bytes).index
    usedBytes -= bytes
    block.storeBytes(of: lists[index], as: UnsafeMutableRawPointer?.self)
    lists[index] = block
  }

  private mutating func addChunk(_ bytes: Int) {
    let size = max(Self.chunkBytes, bytes)
    let chunk = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    chunks.append(chunk)
    reservedBytes += size
    free = chunk
    freeBytes = size
  }
}
