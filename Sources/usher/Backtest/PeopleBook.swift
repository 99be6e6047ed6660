import Events

/// A row of marks for every profile that ever had one. A hash of 64 bits stands for the profile's id.
struct PeopleBook {
  /// How many marks a row has room for: words of 64.
  let words: Int
  private var places: [UInt64: Int] = [:]
  private var marks: [UInt64] = []

  init(words: Int) { self.words = words }

  mutating func set(_ mark: Int, of profile: Bytes, to isSet: Bool) {
    let hash = Hash64.of(profile)
    let place = places[hash] ?? places.count
    if place == places.count {
      places[hash] = place
      marks.append(contentsOf: repeatElement(0, count: words))
    }
    let bit = UInt64(1) << UInt64(mark & 63)
    let word = place * words + mark >> 6
    marks[word] = isSet ? marks[word] | bit : marks[word] & ~bit
  }

  /// Each row, in no order.
  func forEach(_ body: (ArraySlice<UInt64>) -> Void) {
    for place in 0..<places.count { body(marks[place * words..<(place + 1) * words]) }
  }
}

extension Sequence where Element == UInt64 {
  /// The numbers of the marks that are set.
  var setBits: [Int] {
    var bits: [Int] = []
    for (index, word) in enumerated() {
      var rest = word
      while rest != 0 {
        bits.append(index * 64 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return bits
  }
}
