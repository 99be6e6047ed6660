import Events

/// Lends a text's bytes, with the room behind them that a reader wants.
func lend<Result>(_ text: String, _ body: (Bytes) -> Result) -> Result { lend(Array(text.utf8), body) }

/// Lends bytes, with the room behind them that a reader wants.
func lend<Result>(_ bytes: [UInt8], _ body: (Bytes) -> Result) -> Result {
  let room = bytes + Array(repeating: 0x78, count: RecordReader.padding)
  return room.withUnsafeBytes { body(Bytes($0).slice(0, bytes.count)) }
}

/// What a record was read as, in values that outlive it.
enum Told: Equatable {
  case event(String?, of: String, atMs: Int64?)
  case identify(of: String, atMs: Int64?)
  case skipped
  case rejected(Rejection)
}

/// A reader of one small shop's records.
struct ShopReader: ~Copyable {
  var reader: RecordReader
  private var names = PropertyNames()
  private var values = Values()
  private let taxonomy: Taxonomy

  init(_ taxonomy: Taxonomy = ShopReader.shop) {
    self.taxonomy = taxonomy
    for name in ["anything", "else"] { _ = names.number(of: name) }
    reader = RecordReader(taxonomy, names: &names)
  }

  static var shop: Taxonomy {
    let item: [PropertyType.Field] = [
      .init(name: "product_id", aliases: ["item_id"], type: .string),
      .init(name: "category", aliases: ["item_category"], type: .string),
      .init(name: "price", type: .number), .init(name: "quantity", type: .number),
    ]
    let products = PropertyType.Field(name: "products", aliases: ["items", "line_items"], type: .list(.object(item)))
    var shop = Taxonomy()
    shop.add(
      EventType(
        name: "Checkout Started", aliases: ["begin_checkout", "Kasse geöffnet"],
        properties: [.init(name: "cart_id", type: .string), .init(name: "value", type: .number), products]))
    shop.add(
      EventType(
        name: "Order Completed", aliases: ["purchase"], unique: "order_id",
        properties: [
          .init(name: "order_id", aliases: ["transaction_id", "OrderId"], type: .string),
          .init(name: "revenue", aliases: ["value"], type: .number), .init(name: "gift", type: .boolean),
          .init(name: "placed_at", type: .time), products,
        ]))
    return shop
  }

  mutating func read(_ text: String) -> Told { read(Array(text.utf8)) }

  mutating func read(_ bytes: [UInt8]) -> Told {
    lend(bytes) { bytes in
      switch reader.read(bytes) {
      case .skipped: return .skipped
      case .rejected(let code): return .rejected(code)
      case .record(let record):
        let of = record.profile.text
        if record.kind == .identify { return .identify(of: of, atMs: record.time?.ms) }
        let isKnown = record.event != Record.unknownEvent
        return .event(isKnown ? taxonomy.events[Int(record.event)].name : nil, of: of, atMs: record.time?.ms)
      }
    }
  }

  /// What stands for the message's id.
  mutating func messageHash(_ text: String) -> UInt64? { messageHash(Array(text.utf8)) }

  mutating func messageHash(_ bytes: [UInt8]) -> UInt64? {
    lend(bytes) { bytes in
      guard case .record(let record) = reader.read(bytes) else { return nil }
      return record.messageHash
    }
  }

  /// The profile that a record moves into another one; empty where none does.
  mutating func merged(_ text: String) -> String? { merged(Array(text.utf8)) }

  mutating func merged(_ bytes: [UInt8]) -> String? {
    lend(bytes) { bytes in
      guard case .record(let record) = reader.read(bytes) else { return nil }
      return record.merged.text
    }
  }

  /// The values at a path of an event with these properties, each with its sort.
  mutating func values(_ path: String, of properties: String, event: String = "Order Completed") -> [String] {
    values(
      path,
      ofRecord: Array(#"{"type":"track","event":"\#(event)","userId":"u","properties":\#(properties)}"#.utf8))
  }

  /// The values at a path of a record, each with its sort.
  mutating func values(_ path: String, ofRecord bytes: [UInt8]) -> [String] {
    guard let path = PropertyPath(path) else { return ["no path"] }
    let numbers = names.path(path)
    return lend(bytes) { bytes in
      guard case .record(let record) = reader.read(bytes) else { return ["no record"] }
      record.values(at: numbers, into: &values)
      return (0..<values.count).map { index in
        let value = values[index]
        return "\(value.kind) \(value.kind == .number ? value.number?.description ?? "" : value.text.text)"
      }
    }
  }

  /// How many values were of another type than declared, by event and property.
  var wrongTypes: [String: Int] { Dictionary(uniqueKeysWithValues: reader.wrongTypes.map { ($0.property, $0.count) }) }

  /// How many numbers were too large to be kept.
  var overflows: Int { reader.overflows }
}

/// Chance from a seed (SplitMix64): the same throws on every machine.
struct SeededChance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
