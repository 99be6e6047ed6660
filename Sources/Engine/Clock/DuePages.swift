/// The memory of the due queue: pages of 63 entries, chained into lists. A page that is empty serves the next list that
/// grows, so that moving entries about costs no memory.
struct DuePages: ~Copyable {
  /// Entries, the last added first to be taken.
  struct List {
    fileprivate var page: UnsafeMutableRawPointer?
    fileprivate var count = 0

    static var empty: List { List(page: nil) }
    var isEmpty: Bool { page == nil }
    /// The entry that was added last.
    var last: DueQueue.Entry? { page.map { DuePages.entry(count - 1, of: $0) } }

    /// Looks at the entries, the first to be taken first, for as long as `body` wants more; whether it does to the end.
    func look(_ body: (DueQueue.Entry) -> Bool) -> Bool {
      var page = page
      var count = count
      while let entries = page {
        for index in stride(from: count - 1, through: 0, by: -1) where !body(DuePages.entry(index, of: entries)) {
          return false
        }
        page = entries.load(as: UnsafeMutableRawPointer?.self)
        count = DuePages.perPage
      }
      return true
    }
  }

  // A page: the page below it, then its entries; `List.count` tells how many the topmost one has.
  private static let perPage = 63
  private static let entryBytes = MemoryLayout<DueQueue.Entry>.stride
  private static let headBytes = 16
  private static let pageBytes = headBytes + perPage * entryBytes

  private var all: [UnsafeMutableRawPointer] = []
  private var free: UnsafeMutableRawPointer?

  deinit { for page in all { page.deallocate() } }

  var memoryBytes: Int { all.count * Self.pageBytes }

  mutating func append(_ entry: DueQueue.Entry, to list: inout List) {
    if list.page == nil || list.count == Self.perPage {
      let page = takePage()
      page.storeBytes(of: list.page, as: UnsafeMutableRawPointer?.self)
      list.page = page
      list.count = 0
    }
    list.page?.storeBytes(
      of: entry, toByteOffset: Self.headBytes + list.count * Self.entryBytes, as: DueQueue.Entry.self)
    list.count += 1
  }

  /// Takes the entry added last out of a list that is not empty.
  mutating func removeLast(from list: inout List) -> DueQueue.Entry {
    guard let page = list.page else { preconditionFailure("an empty list has no entry") }
    list.count -= 1
    let entry = Self.entry(list.count, of: page)
    if list.count == 0 {
      list.page = page.load(as: UnsafeMutableRawPointer?.self)
      list.count = list.page == nil ? 0 : Self.perPage
      page.storeBytes(of: free, as: UnsafeMutableRawPointer?.self)
      free = page
    }
    return entry
  }

  @inline(__always) private static func entry(_ index: Int, of page: UnsafeMutableRawPointer) -> DueQueue.Entry {
    page.load(fromByteOffset: headBytes + index * entryBytes, as: DueQueue.Entry.self)
  }

  private mutating func takePage() -> UnsafeMutableRawPointer {
    if let page = free {
      free = page.load(as: UnsafeMutableRawPointer?.self)
      return page
    }
    let page = UnsafeMutableRawPointer.allocate(byteCount: Self.pageBytes, alignment: 64)
    all.append(page)
    return page
  }
}
