/// A set of small numbers that is filled and emptied for each event, without a word to the allocator.
struct BitScratch: ~Copyable {
  private let words: UnsafeMutablePointer<UInt64>
  private let wordCount: Int
  private(set) var isEmpty = true

  init(count: Int) {
    wordCount = (count + 63) / 64
    words = .allocate(capacity: max(wordCount, 1))
    words.initialize(repeating: 0, count: max(wordCount, 1))
  }

  deinit { words.deallocate() }

  mutating func insert(_ number: Int) {
    words[number >> 6] |= 1 << UInt64(number & 63)
    isEmpty = false
  }

  /// Takes out the smallest number.
  mutating func popFirst() -> Int? {
    if isEmpty { return nil }
    for word in 0..<wordCount where words[word] != 0 {
      let bit = words[word].trailingZeroBitCount
      words[word] &= words[word] - 1
      return word << 6 + bit
    }
    isEmpty = true
    return nil
  }
}
