/// What a shop's events are called and hold: `topics/taxonomy.yaml`.
public struct Taxonomy: Sendable, Equatable {
  /// The events, in the order of the file; `Page Viewed` and `Screen Viewed` are known besides.
  public private(set) var events: [EventType] = []
  /// The traits that `identify` may bring, and their types.
  public var traits: [TraitDeclaration] = []
  private var index: [String: Int] = [:]

  /// A taxonomy that knows `page` and `screen` records only.
  public init() {
    add(EventType(name: Self.pageViewed))
    add(EventType(name: Self.screenViewed))
  }

  /// What a `page` record counts as.
  public static let pageViewed = "Page Viewed"
  /// What a `screen` record counts as.
  public static let screenViewed = "Screen Viewed"

  /// Adds an event under its name and its aliases, or replaces the one of the same name. Returns the first of these
  /// names that another event has already; then nothing is added.
  @discardableResult public mutating func add(_ event: EventType) -> String? {
    let place = index[EventType.folded(event.name)].flatMap { events[$0].name == event.name ? $0 : nil }
    for name in [event.name] + event.aliases {
      if let other = index[EventType.folded(name)], other != place { return name }
    }
    if let place { events[place] = event } else { events.append(event) }
    for name in [event.name] + event.aliases { index[EventType.folded(name)] = place ?? events.count - 1 }
    return nil
  }

  /// The trait that is declared under that name.
  public func trait(named name: String) -> TraitDeclaration? { traits.first { $0.name == name } }

  /// The place in `events` of the event with that name or alias.
  public func position(of name: String) -> Int? { index[EventType.folded(name)] }

  /// The event with that name or alias, without regard to case; space, `_` and `-` are alike.
  public func event(named name: String) -> EventType? { position(of: name).map { events[$0] } }
}

/// A trait that `identify` may bring.
public struct TraitDeclaration: Sendable, Equatable {
  /// What records and definitions call it.
  public var name: String
  /// What its values are.
  public var type: PropertyType

  /// A trait of that name and type.
  public init(name: String, type: PropertyType) {
    self.name = name
    self.type = type
  }
}

/// One canonical event.
public struct EventType: Sendable, Equatable {
  /// The canonical name, as changes and reasons tell it.
  public var name: String
  /// Other names that records may have for it.
  public var aliases: [String]
  /// The property whose value tells repeats of the same event, if there is one.
  public var unique: String?
  /// The properties that are declared for it.
  public var properties: [PropertyType.Field]

  /// An event of that name.
  public init(
    name: String, aliases: [String] = [], unique: String? = nil, properties: [PropertyType.Field] = []
  ) {
    self.name = name
    self.aliases = aliases
    self.unique = unique
    self.properties = properties
  }

  /// The form in which names are compared: lower case, with space for `_` and `-`.
  public static func folded(_ name: String) -> String {
    String(name.lowercased().map { $0 == "_" || $0 == "-" ? " " : $0 })
  }

  /// The declared property at a path, going through lists; `nil` where none is declared.
  public func property(at path: PropertyPath) -> PropertyType? {
    var fields = properties
    for (depth, name) in path.names.enumerated() {
      guard let field = fields.first(where: { $0.name == name || $0.aliases.contains(name) }) else { return nil }
      if depth == path.names.count - 1 { return field.type }
      guard case .object(let inner) = field.type.element else { return nil }
      fields = inner
    }
    return nil
  }
}

/// The type of a property or trait.
public indirect enum PropertyType: Sendable, Equatable {
  case string, number, boolean, time
  case list(PropertyType)
  case object([Field])

  /// A named property, with the other names that records may have for it.
  public struct Field: Sendable, Equatable {
    /// The canonical name.
    public var name: String
    /// Names that other tools give it.
    public var aliases: [String]
    /// What its values are.
    public var type: PropertyType

    /// A property of that name and type.
    public init(name: String, aliases: [String] = [], type: PropertyType) {
      self.name = name
      self.aliases = aliases
      self.type = type
    }
  }

  /// What the values are, going through lists: an array of the declared type is fine anywhere.
  public var element: PropertyType {
    if case .list(let of) = self { return of.element }
    return self
  }
}

/// Where a value stands in an event's properties: `products.category`.
public struct PropertyPath: Sendable, CustomStringConvertible {
  /// The names from the outside in; at least one.
  public var names: [String]

  /// Reads names divided by dots; `nil` where one is empty.
  public init?(_ text: String) {
    let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard names.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.names = names
  }

  /// The names with dots between them.
  public var description: String { names.joined(separator: ".") }
}

extension PropertyPath: Hashable {
  /// Byte for byte, as the keys of an event are compared.
  public static func == (a: Self, b: Self) -> Bool {
    a.names.elementsEqual(b.names) { $0.utf8.elementsEqual($1.utf8) }
  }

  /// Hashes the bytes that equality looks at.
  public func hash(into hasher: inout Hasher) { for byte in description.utf8 { hasher.combine(byte) } }
}
