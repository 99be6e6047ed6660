internal import Audiences
internal import Events

/// Room to work in while a story is read; kept and used again.
struct StoryScratch: ~Copyable {
  /// All events of the story.
  var all = GrowingTable<StoryEntry>(capacity: 64)
  /// Places, among all, of those that are left after the steps so far.
  var left = GrowingTable<Int32>(capacity: 64)
  /// Values with the places of the events that have them.
  var pairs = GrowingTable<Pair>(capacity: 64)
  /// The pairs of `by`.
  var groups = GrowingTable<Pair>(capacity: 64)

  struct Pair {
    var hash: UInt64
    /// The event's place among all.
    var place: Int32
    /// Where the value itself stands, where it is kept.
    var text: UnsafeMutableRawPointer?

    static func < (a: Pair, b: Pair) -> Bool { a.hash != b.hash ? a.hash < b.hash : a.place < b.place }
  }

  /// Orders the pairs by value, then by place: a heap sort, which needs no room of its own.
  mutating func sortPairs() {
    for root in stride(from: pairs.count / 2 - 1, through: 0, by: -1) { sift(root, below: pairs.count) }
    for end in stride(from: pairs.count - 1, to: 0, by: -1) {
      let first = pairs[0]
      pairs[0] = pairs[end]
      pairs[end] = first
      sift(0, below: end)
    }
  }

  private mutating func sift(_ start: Int, below end: Int) {
    var root = start
    while root * 2 + 1 < end {
      var child = root * 2 + 1
      if child + 1 < end, pairs[child] < pairs[child + 1] { child += 1 }
      if !(pairs[root] < pairs[child]) { return }
      let pair = pairs[root]
      pairs[root] = pairs[child]
      pairs[child] = pair
      root = child
    }
  }
}

/// What a measure comes to.
enum Figure {
  case absent
  case number(Int64)
  case instant(Int64)
  /// The value that stands there.
  case value(UnsafeMutableRawPointer)
  /// The values of a slot.
  case values(KeptValues)
  /// Some slots of the events that are left, from one place on.
  case items(from: Int)
}
