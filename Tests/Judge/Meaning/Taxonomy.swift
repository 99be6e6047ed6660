/// The known events and traits.
public struct Taxonomy: Sendable, Hashable {
  /// The canonical events, in the order of the file.
  public var events: [KnownEvent]
  /// The traits that `identify` may bring, in the order of the file.
  public var traits: [KnownTrait]

  /// A taxonomy of these events and traits.
  public init(
    events: [KnownEvent], traits: [KnownTrait] = [KnownTrait("tier", .string), KnownTrait("subscribed", .boolean)]
  ) {
    self.events = events
    self.traits = traits
  }
}

/// What a taxonomy says of names, ready to be asked.
struct Names: Sendable {
  private var canonicalNames: [[UInt8]: String] = [:]
  private var uniquePaths: [String: Path] = [:]

  init(_ taxonomy: Taxonomy) {
    for event in taxonomy.events + [KnownEvent("Page Viewed"), KnownEvent("Screen Viewed")] {
      for name in [event.name] + event.aliases { canonicalNames[Self.folded(name)] = event.name }
      if let unique = event.unique { uniquePaths[event.name] = Path(unique) }
    }
  }

  /// The canonical name of an event: its aliases applied, without regard to case, with space, `_` and `-` alike. A name
  /// that nobody knows stays what it is.
  func canonical(_ name: String) -> String { canonicalNames[Self.folded(name)] ?? name }

  /// The property whose value no two events of that canonical name share.
  func unique(of name: String) -> Path? { uniquePaths[name] }

  private static func folded(_ name: String) -> [UInt8] {
    name.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
      case UInt8(ascii: "_"), UInt8(ascii: "-"): UInt8(ascii: " ")
      default: byte
      }
    }
  }
}

/// One canonical event.
public struct KnownEvent: Sendable, Hashable {
  /// Its canonical name.
  public var name: String
  /// Other names for it.
  public var aliases: [String]
  /// The property that tells a repeated report of the same event, if there is one.
  public var unique: String?
  /// Its declared properties, in order.
  public var properties: [KnownProperty]

  /// An event with its aliases, its `unique` property and its declared properties.
  public init(_ name: String, aliases: [String] = [], unique: String? = nil, properties: [KnownProperty] = []) {
    self.name = name
    self.aliases = aliases
    self.unique = unique
    self.properties = properties
  }
}

/// One declared property.
public struct KnownProperty: Sendable, Hashable {
  /// Its name.
  public var name: String
  /// The type of its values.
  public var type: PropertyType

  /// A property of that type.
  public init(_ name: String, _ type: PropertyType) {
    self.name = name
    self.type = type
  }
}

/// What a property's values are.
public indirect enum PropertyType: Sendable, Hashable {
  /// Text.
  case string
  /// A number.
  case number
  /// True or false.
  case boolean
  /// An instant.
  case time
  /// An array of the type.
  case list(PropertyType)
  /// An object with these properties.
  case object([KnownProperty])
}
