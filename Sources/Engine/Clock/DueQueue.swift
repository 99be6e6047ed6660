internal import Events

/// Which profile is due next: a heap of instants, four children to a node.
///
/// An entry whose profile has another due instant by now is stale, and is passed over when it comes up. Where an entry
/// is early enough none is added, so there is mostly one for each profile.
struct DueQueue: ~Copyable {
  struct Entry {
    var at: Instant
    var slot: ProfileTable.Slot
  }

  private var entries = GrowingTable<Entry>(capacity: 1024)

  var memoryBytes: Int { entries.memoryBytes }

  /// The earliest entry.
  var first: Entry? { entries.count > 0 ? entries[0] : nil }

  mutating func add(_ entry: Entry) {
    var at = entries.count
    entries.append(entry)
    while at > 0 {
      let parent = (at - 1) >> 2
      if entries[parent].at <= entry.at { break }
      entries[at] = entries[parent]
      at = parent
    }
    entries[at] = entry
  }

  /// Takes the earliest entry out.
  mutating func removeFirst() {
    let last = entries.removeLast()
    let count = entries.count
    if count == 0 { return }
    var at = 0
    while true {
      let child = at * 4 + 1
      if child >= count { break }
      var least = child
      for other in (child + 1)..<max(child + 1, min(child + 4, count)) where entries[other].at < entries[least].at {
        least = other
      }
      if last.at <= entries[least].at { break }
      entries[at] = entries[least]
      at = least
    }
    entries[at] = last
  }
}
