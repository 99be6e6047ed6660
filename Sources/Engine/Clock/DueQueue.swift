internal import Events

/// Which profile is due next: a radix heap (Ahuja, Mehlhorn, Orlin, Tarjan, "Faster algorithms for the shortest path
/// problem", 1990). It asks what the clock gives: no entry is added before the one taken last.
///
/// An entry lies in the bucket of the highest bit in which its instant differs from the instant taken last, so that
/// the lowest bucket with entries has the earliest. When its turn comes, its entries spread over lower buckets. Adding
/// and spreading write memory in order, where a heap of nodes would jump about in it.
///
/// An entry names a profile by the hash of its id, so that it stays true while the profile leaves memory and returns.
/// Whoever shares the hash is looked at when it comes up. An entry whose profile has another due instant by now is stale,
/// and is passed over. Where an entry is early enough none is added, so there is mostly one for each profile.
struct DueQueue: ~Copyable {
  struct Entry {
    var at: Instant
    var hash: UInt64
  }

  private struct Bucket {
    var pages: DuePages.List = .empty
    var earliestMs = Int64.max
  }

  private let buckets: UnsafeMutablePointer<Bucket>
  /// A bit for each bucket that has entries.
  private var filled: UInt128 = 0
  private var lastMs = Int64.min
  private var pages = DuePages()
  private static let bucketCount = Int64.bitWidth + 1

  init() {
    buckets = .allocate(capacity: Self.bucketCount)
    buckets.initialize(repeating: Bucket(), count: Self.bucketCount)
  }

  deinit { buckets.deallocate() }

  var memoryBytes: Int { pages.memoryBytes }

  /// The instant of the earliest entry; `never` where there is none.
  var firstAt: Instant {
    filled == 0 ? .never : Instant(ms: buckets[filled.trailingZeroBitCount].earliestMs)
  }

  /// An entry of the earliest bucket: mostly one of the next that come up.
  var upcoming: Entry? { filled == 0 ? nil : buckets[filled.trailingZeroBitCount].pages.last }

  mutating func add(_ entry: Entry) {
    let number = bucket(of: entry.at.ms)
    var list = buckets[number].pages
    pages.append(entry, to: &list)
    buckets[number].pages = list
    buckets[number].earliestMs = min(buckets[number].earliestMs, entry.at.ms)
    filled |= 1 << UInt128(number)
  }

  /// Takes the earliest entry out; there must be one.
  mutating func removeFirst() -> Entry {
    let lowest = filled.trailingZeroBitCount
    if lowest > 0 { spread(lowest) }
    var list = buckets[0].pages
    let entry = pages.removeLast(from: &list)
    buckets[0].pages = list
    if buckets[0].pages.isEmpty { empty(0) }
    return entry
  }

  /// Looks at the entries before an instant without taking them out, those of earlier buckets first, for as long as
  /// `body` wants more.
  func look(before end: Instant, _ body: (Entry) -> Bool) {
    for number in 0..<Self.bucketCount where buckets[number].earliestMs < end.ms {
      let wantsMore = buckets[number].pages.look { $0.at >= end || body($0) }
      if !wantsMore { return }
    }
  }

  /// Goes back: from now on entries may be added from an earlier instant on.
  mutating func rewind(to instant: Instant) {
    guard instant.ms < lastMs else { return }
    // In the buckets further up lie entries that differ from both instants in the same bit first.
    let first = Int64.bitWidth - (instant.ms ^ lastMs).leadingZeroBitCount
    lastMs = instant.ms
    for number in 0..<first where !buckets[number].pages.isEmpty { scatter(number) }
  }

  /// 0 for the instant taken last, else one more than the highest bit in which it differs.
  private func bucket(of ms: Int64) -> Int {
    Int64.bitWidth - (max(ms, lastMs) ^ lastMs).leadingZeroBitCount
  }

  /// Its earliest instant is the one to be taken: from there, all its entries lie in lower buckets.
  private mutating func spread(_ number: Int) {
    lastMs = buckets[number].earliestMs
    scatter(number)
  }

  /// Puts the entries of a bucket where they belong by now.
  private mutating func scatter(_ number: Int) {
    var taken = buckets[number].pages
    empty(number)
    while !taken.isEmpty { add(pages.removeLast(from: &taken)) }
  }

  private mutating func empty(_ number: Int) {
    buckets[number] = Bucket()
    filled &= ~(1 << UInt128(number))
  }
}
