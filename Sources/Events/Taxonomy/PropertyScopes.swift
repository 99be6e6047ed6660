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
  }

  // In plain memory, since they are looked at for every key: the entries, where each scope's begin and end, and for each
  // place in a scope the entry that stood there the last time.
  private let entries: UnsafeMutablePointer<Entry>
  private let scopes: UnsafeMutablePointer<Scope>
  private let guesses: UnsafeMutablePointer<Int32>
  private static let guessed = 32
  /// How many values of another type than the declared one were seen, for each entry.
  private(set) var wrongTypes: [Int] = []
  let labels: [String]
  private let entryCount: Int

  /// The scope of the traits that `identify` brings.
  let traits: Int

  /// Scope `undeclared`, then one for each event of the taxonomy, in its order, that of the traits, then those of inner
  /// objects.
  init(_ taxonomy: Taxonomy, names: inout PropertyNames) {
    let traitFields = taxonomy.traits.map { PropertyType.Field(name: $0.name, type: $0.type) }
    for event in taxonomy.events { Self.collect(event.properties, into: &names) }
    Self.collect(traitFields, into: &names)
    traits = taxonomy.events.count + 1
    var draft = Draft(asked: names.all, scopes: traits + 1)
    draft.fill(Self.undeclared, with: [], label: "")
    for (number, event) in taxonomy.events.enumerated() {
      draft.fill(number + 1, with: event.properties, label: event.name + ": ")
    }
    draft.fill(traits, with: traitFields, label: "traits: ")
    entries = .allocate(capacity: max(draft.entries.count, 1))
    entries.initialize(from: draft.entries, count: draft.entries.count)
    entryCount = draft.entries.count
    scopes = .allocate(capacity: draft.scopes.count)
    scopes.initialize(from: draft.scopes, count: draft.scopes.count)
    guesses = .allocate(capacity: draft.scopes.count * Self.guessed)
    for (number, scope) in draft.scopes.enumerated() {
      (guesses + number * Self.guessed).initialize(repeating: Int32(scope.from), count: Self.guessed)
    }
    labels = draft.labels
    wrongTypes = Array(repeating: 0, count: entryCount)
  }

  deinit {
    for index in 0..<entryCount { entries[index].key.start.deallocate() }
    entries.deallocate()
    scopes.deallocate()
    guesses.deallocate()
  }

  private static func collect(_ fields: [PropertyType.Field], into names: inout PropertyNames) {
    for field in fields {
      _ = names.number(of: field.name)
      if case .object(let inner) = field.type.element { collect(inner, into: &names) }
    }
  }

  /// The entry of a key that stands at a place among its object's members; `nil` where nobody asks for it.
  @inline(__always) func entry(of key: Bytes, at place: Int, in scope: Int) -> Int? {
    let guess = guesses + (scope &* Self.guessed &+ (place & (Self.guessed &- 1)))
    let likely = Int(guess.pointee)
    if likely < scopes[scope].to, entries[likely].key == key { return likely }
    for index in scopes[scope].from..<scopes[scope].to where entries[index].key == key {
      guess.pointee = Int32(truncatingIfNeeded: index)
      return index
    }
    return nil
  }

  @inline(__always) subscript(entry: Int) -> UnsafePointer<Entry> { UnsafePointer(entries + entry) }

  mutating func countWrongType(_ entry: Int) { wrongTypes[entry] += 1 }

  /// The scopes while they are put together.
  private struct Draft {
    let asked: [(name: String, number: UInt16)]
    var entries: [Entry] = []
    var labels: [String] = []
    var scopes: [Scope]

    init(asked: [(name: String, number: UInt16)], scopes: Int) {
      self.asked = asked
      self.scopes = Array(repeating: Scope(from: 0, to: 0), count: scopes)
    }

    mutating func fill(_ scope: Int, with fields: [PropertyType.Field], label: String) {
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
      let to = entries.count
      scopes[scope] = Scope(from: from, to: to)
      for field in fields {
        guard case .object(let inner) = field.type.element else { continue }
        let made = scopes.count
        scopes.append(Scope(from: 0, to: 0))
        fill(made, with: inner, label: label + field.name + ".")
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
      let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: max(utf8.count, 1))
      bytes.update(from: utf8, count: utf8.count)
      labels.append(label)
      entries.append(
        Entry(
          key: Bytes(bytes, count: utf8.count), name: name, expected: Expected(type), inner: undeclared, rank: rank))
    }
  }
}
