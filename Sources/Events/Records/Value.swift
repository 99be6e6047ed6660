/// One value of an event's property, lent like the record it stands in.
public struct Value {
  /// What sort of value it is.
  public enum Kind: UInt8 { case string, number, no, yes, object }

  /// What sort of value it is.
  public let kind: Kind
  /// The bytes of a string.
  public let text: Bytes
  private let units: Int64

  /// A string, whose bytes are lent.
  public init(string: Bytes) { self.init(.string, string, 0) }

  /// A number.
  public init(_ number: Millionths) { self.init(.number, .empty, number.units) }

  /// A truth.
  public init(_ truth: Bool) { self.init(truth ? .yes : .no, .empty, 0) }

  /// An object: there, and nothing more.
  public static var object: Value { Value(.object, .empty, 0) }

  private init(_ kind: Kind, _ text: Bytes, _ units: Int64) {
    self.kind = kind
    self.text = text
    self.units = units
  }

  /// `nil` for a number beyond 64 bits of millionths: it counts as absent.
  init?(_ document: JSONDocument, _ node: Int) {
    switch document.kind(node) {
    case .string: self.init(string: document.text(node))
    case .number:
      guard let number = Millionths(decimal: document.text(node)) else { return nil }
      self.init(number)
    case .no: self.init(false)
    case .yes: self.init(true)
    default: self = .object
    }
  }

  /// Whether it is a string, a number or a truth: an object is a value only for `exists`.
  public var isScalar: Bool { kind != .object }

  /// The number it is, or that its string counts as where a number is asked for.
  public var number: Millionths? {
    switch kind {
    case .number: Millionths(units: units)
    case .string: Millionths(numericString: text)
    default: nil
    }
  }

  /// Tells values apart as `unique` does: "7", "7.0" and 7 are three. Never zero.
  public var hash: UInt64 {
    switch kind {
    case .string: max(1, Hash64.of(text, seed: 1))
    case .number: max(1, Hash64.mix(UInt64(bitPattern: units), 2))
    default: max(1, Hash64.mix(UInt64(kind.rawValue), 3))
    }
  }
}

/// The values at one path, kept and used again for the next.
public struct Values: ~Copyable {
  private var storage: UnsafeMutablePointer<Value>
  private var capacity = 64
  /// How many there are.
  public private(set) var count = 0

  /// None yet.
  public init() { storage = .allocate(capacity: capacity) }

  deinit { storage.deallocate() }

  /// One of them.
  public subscript(index: Int) -> Value { storage[index] }

  /// Forgets them; the room stays.
  public mutating func clear() { count = 0 }

  mutating func append(_ document: JSONDocument, _ node: Int) {
    if let value = Value(document, node) { append(value) }
  }

  /// Forgets all from one on.
  public mutating func truncate(to count: Int) { self.count = min(self.count, count) }

  /// Forgets strings of more than so many bytes.
  public mutating func keepShort(_ longest: Int) { keep { $0.text.count <= longest } }

  /// Forgets objects: they are values only for `exists`.
  public mutating func keepScalars() { keep(\.isScalar) }

  private mutating func keep(_ isKept: (Value) -> Bool) {
    var kept = 0
    for index in 0..<count where isKept(storage[index]) {
      storage[kept] = storage[index]
      kept += 1
    }
    count = kept
  }

  /// One more.
  public mutating func append(_ value: Value) {
    if count == capacity { grow() }
    (storage + count).initialize(to: value)
    count += 1
  }

  private mutating func grow() {
    let grown = UnsafeMutablePointer<Value>.allocate(capacity: capacity * 2)
    grown.update(from: storage, count: count)
    storage.deallocate()
    storage = grown
    capacity *= 2
  }
}

extension Record {
  /// Collects the values at a path (numbers of `PropertyNames`), going through lists, `null` left out.
  public func values(at path: [UInt16], into values: inout Values) {
    values.clear()
    guard properties != JSONDocument.nowhere else { return }
    collect(path, 0, within: Int(properties), into: &values)
  }

  /// Whether its properties (its traits, for `identify`) have a member of that name, be it `null`.
  public func mentions(_ name: UInt16) -> Bool {
    guard properties != JSONDocument.nowhere else { return false }
    var node = Int(properties) + 1
    while node < document.next(Int(properties)) {
      if document.name(node) == name { return true }
      node = document.next(node)
    }
    return false
  }

  private func collect(_ path: [UInt16], _ depth: Int, within object: Int, into values: inout Values) {
    if depth == path.count { return }
    guard let member = member(path[depth], of: object) else { return }
    gather(member, path, depth + 1, into: &values)
  }

  private func gather(_ node: Int, _ path: [UInt16], _ depth: Int, into values: inout Values) {
    switch document.kind(node) {
    case .null: break
    case .array:
      var item = node + 1
      while item < document.next(node) {
        gather(item, path, depth, into: &values)
        item = document.next(item)
      }
    case .object where depth < path.count: collect(path, depth, within: node, into: &values)
    default: if depth == path.count { values.append(document, node) }
    }
  }

  /// The member of that name: under its canonical name rather than an alias, under an earlier alias of the taxonomy
  /// rather than a later one, and the last of equal keys. One that is absent leaves the place to the next key.
  private func member(_ name: UInt16, of object: Int, from least: UInt8 = 0) -> Int? {
    var found: Int?
    var node = object + 1
    while node < document.next(object) {
      if document.name(node) == name, document.rank(node) >= least,
        found.map({ document.rank(node) <= document.rank($0) }) ?? true
      {
        found = node
      }
      node = document.next(node)
    }
    guard let found, document.isAbsent(found), document.rank(found) < .max else { return found }
    return member(name, of: object, from: document.rank(found) + 1)
  }
}
