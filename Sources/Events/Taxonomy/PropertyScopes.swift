/// What the keys of an object in an event mean: one scope for the properties of each event, and one for the objects
/// within each of them.
///
/// A shop's events of one name mostly have the same keys in the same order, so each scope remembers which entry stood
/// at a place the last time and looks there first.
struct PropertyScopes: ~Copyable {
  /// The scope of events that the taxonomy does not know: names that definitions ask for, of any type.
  static let undeclared = 0

  struct Entry {
    var key: Bytes
    var name: UInt16
    var expected: Expected
    /// The scope of an object's members.
    var inner: Int
    /// Zero for the canonical name, else the place among the aliases, from 1: the taxonomy lists them by preference.
    var rank: UInt8
  }

  /// What a value is expected to be, through lists.
  enum Expected: UInt8 {
    case anything, string, number, boolean, time, object

    init(_ type: PropertyType?) {
      switch type?.element {
      case nil, .list: self = .anything
      case .string: self = .string
      case .number: self = .number
      case .boolean: self = .boolean
      case .time: self = .time
      case .object: self = .object
      }
    }
  }

  private struct Scope {
    var from: Int
    var to: Int
    var guesses: Int
  }

  private var entries: [Entry] = []
  private var scopes: [Scope] = []
  private var keys: [UnsafeMutablePointer<UInt8>] = []
  private var guesses: [Int32] = []
  private static let guessed = 32
  /// How many values of another type than the declared one were seen, for each entry.
  private(set) var wrongTypes: [Int] = []
  private(set) var labels: [String] = []

  /// The scope of the traits that `identify` brings.
  let traits: Int

  /// Scope `undeclared`, then one for each event of the taxonomy, in its order, that of the traits, then those of inner
  /// objects.
  init(_ taxonomy: Taxonomy, names: inout PropertyNames) {
    let traitFields = taxonomy.traits.map { PropertyType.Field(name: $0.name, type: $0.type) }
    for event in taxonomy.events { Self.collect(event.properties, into: &names) }
    Self.collect(traitFields, into: &names)
    let asked = names.all
    traits = taxonomy.events.count + 1
    scopes = Array(repeating: Scope(from: 0, to: 0, guesses: 0), count: traits + 1)
    fill(Self.undeclared, with: [], label: "", asked: asked)
    for (number, event) in taxonomy.events.enumerated() {
      fill(number + 1, with: event.properties, label: event.name + ": ", asked: asked)
    }
    fill(traits, with: traitFields, label: "traits: ", asked: asked)
    wrongTypes = Array(repeating: 0, count: entries.count)
  }

  deinit { for key in keys { key.deallocate() } }

  private static func collect(_ fields: [PropertyType.Field], into names: inout PropertyNames) {
    for field in fields {
      _ = names.number(of: field.name)
      if case .object(let inner) = field.type.element { collect(inner, into: &names) }
    }
  }

  private mutating func fill(
    _ scope: Int, with fields: [PropertyType.Field], label: String, asked: [(name: String, number: UInt16)]
  ) {
    let from = entries.count
    for field in fields {
      guard let number = asked.first(where: { Self.isSame($0.name, field.name) })?.number else { continue }
      for (rank, key) in ([field.name] + field.aliases).enumerated() {
        add(key, number, field.type, rank: UInt8(clamping: rank), label: label + field.name)
      }
    }
    for (name, number) in asked where !entries[from...].contains(where: { Self.isSame($0.key.text, name) }) {
      add(name, number, nil, rank: 0, label: label + name)
    }
    scopes[scope] = Scope(from: from, to: entries.count, guesses: guesses.count)
    guesses.append(contentsOf: repeatElement(Int32(from), count: Self.guessed))
    let to = entries.count
    for field in fields {
      guard case .object(let inner) = field.type.element else { continue }
      let made = scopes.count
      scopes.append(Scope(from: 0, to: 0, guesses: 0))
      fill(made, with: inner, label: label + field.name + ".", asked: asked)
      let names = [field.name] + field.aliases
      for index in from..<to where names.contains(where: { Self.isSame($0, entries[index].key.text) }) {
        entries[index].inner = made
      }
    }
  }

  /// Byte for byte, as keys are compared.
  private static func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

  private mutating func add(_ key: String, _ name: UInt16, _ type: PropertyType?, rank: UInt8, label: String) {
    let utf8 = Array(key.utf8)
    let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: utf8.count)
    bytes.update(from: utf8, count: utf8.count)
    keys.append(bytes)
    labels.append(label)
    entries.append(
      Entry(
        key: Bytes(bytes, count: utf8.count), name: name, expected: Expected(type), inner: Self.undeclared,
        rank: rank))
  }

  /// The entry of a key that stands at a place among its object's members; `nil` where nobody asks for it.
  @inline(__always) mutating func entry(of key: Bytes, at place: Int, in scope: Int) -> Int? {
    let guess = scopes[scope].guesses + (place & (Self.guessed - 1))
    let likely = Int(guesses[guess])
    if likely < scopes[scope].to, entries[likely].key == key { return likely }
    return search(key, guess, in: scope)
  }

  private mutating func search(_ key: Bytes, _ guess: Int, in scope: Int) -> Int? {
    for index in scopes[scope].from..<scopes[scope].to where entries[index].key == key {
      guesses[guess] = Int32(index)
      return index
    }
    return nil
  }

  subscript(entry: Int) -> Entry {
    @inline(__always) _read { yield entries[entry] }
  }

  mutating func countWrongType(_ entry: Int) { wrongTypes[entry] += 1 }
}
