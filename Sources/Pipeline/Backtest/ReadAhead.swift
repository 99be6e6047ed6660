internal import Events

/// The records that were read and are not applied yet, the oldest first: while one is applied, the memory of the next
/// ones' profiles is on its way.
struct ReadAhead: ~Copyable {
  /// So many wait: one that is expected, one that is approached, one to be applied.
  static let most = 3

  struct Waiting {
    var record = Record()
    var partition = 0
    var number: Int64 = 0
  }

  private let ring: UnsafeMutablePointer<Waiting>
  private var start = 0
  private(set) var count = 0
  private static let places = 4

  init() {
    precondition(Self.most < RecordReader.kept && Self.most < Self.places, "a record would end while it waits")
    ring = .allocate(capacity: Self.places)
    ring.initialize(repeating: Waiting(), count: Self.places)
  }

  deinit { ring.deallocate() }

  /// Where the next one is read to.
  var free: UnsafeMutablePointer<Waiting> { ring + (start + count) % Self.places }

  /// What was read to the free place waits from now on.
  mutating func takeFree() { count += 1 }

  /// One of those that wait, by how many are older. Valid until it is removed.
  @inline(__always) subscript(index: Int) -> UnsafePointer<Waiting> {
    UnsafePointer(ring + (start + index) % Self.places)
  }

  mutating func removeFirst() {
    start = (start + 1) % Self.places
    count -= 1
  }
}
