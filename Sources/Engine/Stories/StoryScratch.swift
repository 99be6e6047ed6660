internal import Audiences
internal import Events

/// Room to work in while a story is read; kept and used again.
struct StoryScratch: ~Copyable {
  /// All events of the story.
  var all = GrowingTable<StoryEntry>(capacity: 64)
  /// Places, among all, of those that are left after the steps so far.
  var left = GrowingTable<Int32>(capacity: 64)
  /// What is known of values, or of what comes after an event.
  var table = StoryTable()
  /// Values with the places of the events that have them, for `by` with a measure of values.
  var groups = GrowingTable<Pair>(capacity: 64)

  struct Pair {
    var hash: UInt64
    /// The event's place among all.
    var place: Int32

    static func < (a: Pair, b: Pair) -> Bool { a.hash != b.hash ? a.hash < b.hash : a.place < b.place }
  }

  /// Orders the pairs by value, then by place: a heap sort, which needs no room of its own.
  mutating func sortGroups() {
    for root in stride(from: groups.count / 2 - 1, through: 0, by: -1) { sift(root, below: groups.count) }
    for end in stride(from: groups.count - 1, to: 0, by: -1) {
      let first = groups[0]
      groups[0] = groups[end]
      groups[end] = first
      sift(0, below: end)
    }
  }

  private mutating func sift(_ start: Int, below end: Int) {
    var root = start
    while root * 2 + 1 < end {
      var child = root * 2 + 1
      if child + 1 < end, groups[child] < groups[child + 1] { child += 1 }
      if !(groups[root] < groups[child]) { return }
      let pair = groups[root]
      groups[root] = groups[child]
      groups[child] = pair
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
