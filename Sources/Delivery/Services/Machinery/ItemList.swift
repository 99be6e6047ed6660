public import Events

/// The items of a batch, and their bytes.
public struct ItemList: ~Copyable {
  /// Where the next item is written, before it is added.
  public var draft = JSONWriter(capacity: 1024)

  private var bytes = JSONWriter(capacity: 1 << 16)
  /// The items, by their numbers.
  public private(set) var items: [Item] = []
  /// Whose items are written.
  var record = 0
  /// Set by a service for a record that it knows to have delivered.
  public var isRepeat = false

  /// No item yet.
  public init() {}

  /// Adds what was drafted as an item, and begins the next.
  public mutating func add(_ item: Item) {
    var item = item
    item.record = record
    item.start = bytes.count
    item.count = draft.count
    bytes.raw(draft.bytes)
    items.append(item)
    draft.clear()
  }

  /// An item's bytes, by its number; lent until something is added.
  public func content(of item: Int) -> Bytes {
    bytes.bytes.slice(items[item].start + items[item].headBytes, items[item].start + items[item].count)
  }

  /// What stands before an item's own bytes, and is of its request.
  public func head(of item: Int) -> Bytes {
    bytes.bytes.slice(items[item].start, items[item].start + items[item].headBytes)
  }

  /// Writes some items with commas between them.
  public func write(_ numbers: ArraySlice<Int>, to json: inout JSONWriter) {
    for number in numbers {
      if number != numbers.first { json.raw(",") }
      json.raw(content(of: number))
    }
  }

  /// Takes a record's items back.
  mutating func remove(from first: Int) {
    items.removeSubrange(first...)
    draft.clear()
  }

  mutating func clear() {
    bytes.clear()
    items.removeAll(keepingCapacity: true)
    draft.clear()
  }
}
