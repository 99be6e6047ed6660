import Events

/// What definitions may name, gathered before the first of them is read.
struct KnownNames {
  /// The events and declared traits; none where the taxonomy itself could not be read: these are not checked then.
  var taxonomy: Taxonomy?
  /// What one measure keeps at most.
  var entries: Int
  /// The traits, computed or declared.
  var traits: KnownTraits
  /// The keys of all audiences, those with mistakes included.
  var audiences: Set<String>
}

/// The traits that there are, and what their values can be.
struct KnownTraits {
  /// All names, each once, in the order in which they became known.
  private(set) var names: [String] = []
  /// Whether a name that is not among them is none: not where a file that names traits could not be read.
  var areAll = true
  private var typesByName: [String: [PropertyType]] = [:]
  private var computed: Set<String> = []
  private var figures: Set<String> = []
  private var counted: [String: String] = [:]

  /// The types that a trait's values may have, going through lists, any where empty; `nil` where there is no such trait.
  func types(of name: String) -> [PropertyType]? { typesByName[name] }

  /// Whether it is a computed one.
  func isComputed(_ name: String) -> Bool { computed.contains(name) }

  /// Whether its value is a figure that was measured, which never is a text that reads as a number.
  func isFigure(_ name: String) -> Bool { figures.contains(name) }

  mutating func declare(_ trait: TraitDeclaration) {
    if typesByName.updateValue([trait.type.element], forKey: trait.name) == nil { names.append(trait.name) }
  }

  /// What it counts from kept entries, which are limited in number; none where it does not.
  func counts(_ name: String) -> String? { counted[name] }

  /// A computed trait hides a declared one of its name.
  mutating func compute(_ name: String, types: [PropertyType], isFigure: Bool = false, counting what: String? = nil) {
    computed.insert(name)
    if isFigure { figures.insert(name) }
    counted[name] = what
    if typesByName.updateValue(types, forKey: name) == nil { names.append(name) }
  }
}
