/// The memory of profiles: blocks of a few dozen sizes, cut from large chunks, so that a growing profile costs no call
/// to the system's allocator and blocks of equal size are used again.
package struct ProfileArena: ~Copyable {
  private var chunks: [UnsafeMutableRawPointer] = []
  /// Chunks of a block that is larger than others have.
  private var large: [UnsafeMutableRawPointer] = []
  /// Chunks that nothing is cut from: all their blocks were given back at once.
  private var spare: [UnsafeMutableRawPointer] = []
  private var free: UnsafeMutableRawPointer?
  private var freeBytes = 0
  private var lists: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  /// How many bytes were taken from the system.
  package private(set) var reservedBytes = 0
  /// How many bytes the blocks have that were taken and not given back.
  package private(set) var usedBytes = 0

  private static let chunkBytes = 1 << 20
  private static let smallest = 64
  private static let classes = 128

  /// An arena without memory.
  package init() {
    lists = .allocate(capacity: Self.classes)
    lists.initialize(repeating: nil, count: Self.classes)
  }

  deinit {
    for chunk in chunks { chunk.deallocate() }
    for chunk in large + spare { chunk.deallocate() }
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
  package mutating func take(_ bytes: Int) -> (block: UnsafeMutableRawPointer, bytes: Int) {
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
  package mutating func give(_ block: UnsafeMutableRawPointer, bytes: Int) {
    let index = Self.sizeClass(bytes).index
    usedBytes -= bytes
    block.storeBytes(of: lists[index], as: UnsafeMutableRawPointer?.self)
    lists[index] = block
  }

  /// Takes all blocks back. The memory stays for those that are taken next, but for what is larger than a chunk.
  package mutating func giveAll() {
    for chunk in large { chunk.deallocate() }
    large.removeAll()
    spare.append(contentsOf: chunks)
    chunks.removeAll(keepingCapacity: true)
    reservedBytes = spare.count * Self.chunkBytes
    lists.update(repeating: nil, count: Self.classes)
    (free, freeBytes, usedBytes) = (nil, 0, 0)
  }

  private mutating func addChunk(_ bytes: Int) {
    let size = max(Self.chunkBytes, bytes)
    if size == Self.chunkBytes, let chunk = spare.popLast() {
      chunks.append(chunk)
      (free, freeBytes) = (chunk, size)
      return
    }
    let chunk = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    if size > Self.chunkBytes { large.append(chunk) } else { chunks.append(chunk) }
    reservedBytes += size
    free = chunk
    freeBytes = size
  }
}
