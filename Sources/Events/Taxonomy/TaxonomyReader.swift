public import YAML

extension Taxonomy {
  /// Reads `topics/taxonomy.yaml`. All mistakes are told; the taxonomy then holds what could be read, so that
  /// definitions can still be checked against it.
  ///
  /// - Returns: no taxonomy where the file is not YAML at all.
  public static func read(_ document: Document) -> (taxonomy: Taxonomy?, diagnostics: [Diagnostic]) {
    var reader = TaxonomyReader(findings: Findings(of: document))
    guard let root = document.root else { return (nil, reader.findings.diagnostics) }
    reader.read(root)
    return (reader.taxonomy, reader.findings.diagnostics)
  }
}

extension EventType {
  /// A declared path by its canonical names, where it may be written by aliases; `nil` where it is not declared.
  /// A canonical name goes before an equal alias of another property.
  public func canonical(_ path: PropertyPath) -> PropertyPath? {
    var fields = properties
    var canonical = path
    for (depth, name) in path.names.enumerated() {
      let field = fields.first { $0.name == name } ?? fields.first { $0.aliases.contains(name) }
      guard let field else { return nil }
      canonical.names[depth] = field.name
      if case .object(let inner) = field.type.element { fields = inner } else { fields = [] }
    }
    return canonical
  }
}

/// Goes through the tree of a taxonomy file.
private struct TaxonomyReader {
  var findings: Findings
  var taxonomy = Taxonomy()

  private static let file = Vocabulary(["events", "traits"])
  private static let event = Vocabulary(
    ["unique", "aliases", "properties", "property_aliases"], meant: ["alias": "aliases", "props": "properties"])
  private static let types = Vocabulary(
    ["string", "number", "boolean", "time"],
    meant: [
      "text": "string", "integer": "number", "int": "number", "float": "number", "decimal": "number",
      "bool": "boolean", "date": "time", "datetime": "time", "timestamp": "time",
    ])
  private static let typeForms = "string, number, boolean, time, [type] for a list, or {name: type}"

  mutating func read(_ root: Node) {
    guard let entries = findings.entries(root, "the taxonomy", of: Self.file) else { return }
    for entry in entries {
      if entry.key == "events" {
        readEvents(entry.value)
      } else {
        taxonomy.traits = fields(entry.value, "'traits'").map { TraitDeclaration(name: $0.name, type: $0.type) }
      }
    }
  }

  private mutating func readEvents(_ node: Node) {
    guard let entries = node.mapping else {
      findings.wrong(node, "'events'", expected: "a mapping of event names")
      return
    }
    for entry in entries { readEvent(entry) }
  }

  private mutating func readEvent(_ entry: Entry) {
    guard isName(entry.key, at: entry.keyPlace, "an event's name") else { return }
    var event = EventType(name: entry.key)
    var unique: Node?
    var propertyAliases: Node?
    if entry.value.scalar?.coreType != .null {
      for part in findings.entries(entry.value, Quoted.of(entry.key), of: Self.event) ?? [] {
        switch part.key {
        case "unique": unique = part.value
        case "aliases": event.aliases = names(part.value, "'aliases'")
        case "properties": event.properties = fields(part.value, "'properties'")
        default: propertyAliases = part.value
        }
      }
    }
    if let propertyAliases { readPropertyAliases(propertyAliases, into: &event) }
    if let unique { event.unique = uniqueProperty(unique, of: event) }
    if let taken = taxonomy.add(event) {
      let owner = taxonomy.event(named: taken)?.name ?? taken
      let message =
        taken == entry.key
        ? "\(Quoted.of(taken)) is another name of \(Quoted.of(owner))"
        : "\(Quoted.of(entry.key)) cannot have the name \(Quoted.of(taken)): it belongs to \(Quoted.of(owner))"
      findings.error(
        at: entry.keyPlace, message,
        expected: "names that differ in more than case, space, '_' and '-'")
    }
  }

  private mutating func uniqueProperty(_ node: Node, of event: EventType) -> String? {
    guard let name = findings.text(node, "'unique'", expected: "a property of the event") else { return nil }
    guard let path = PropertyPath(name), event.canonical(path) == path, let type = event.property(at: path) else {
      findings.error(
        at: node.place, "'unique' names \(Quoted.of(name)), which is not declared", expected: "a declared property",
        suggestion: NearestWord.of(name, among: event.properties.map(\.name)))
      return nil
    }
    if case .object = type.element {
      findings.wrong(node, "'unique'", expected: "a property with single values")
      return nil
    }
    return name
  }

  // MARK: Types

  private mutating func fields(_ node: Node, _ subject: String) -> [PropertyType.Field] {
    guard let entries = node.mapping else {
      findings.wrong(node, subject, expected: "a mapping of names and types")
      return []
    }
    var fields: [PropertyType.Field] = []
    for entry in entries where isName(entry.key, at: entry.keyPlace, "a name", mayHoldDots: false) {
      guard let type = type(entry.value, Quoted.of(entry.key)) else { continue }
      fields.append(PropertyType.Field(name: entry.key, type: type))
    }
    return fields
  }

  private mutating func type(_ node: Node, _ subject: String) -> PropertyType? {
    switch node.content {
    case .mapping: return .object(fields(node, subject))
    case .sequence(let elements):
      guard elements.count == 1, let element = elements.first else {
        findings.error(
          at: node.place, "\(subject) is a list of \(elements.count) types", expected: "one type in the brackets")
        return nil
      }
      return type(element, subject).map { .list($0) }
    case .scalar(let scalar):
      switch scalar.text {
      case "string": return .string
      case "number": return .number
      case "boolean": return .boolean
      case "time": return .time
      default:
        findings.wrong(
          node, "the type of \(subject)", expected: Self.typeForms, suggestion: Self.types.nearest(to: scalar.text))
        return nil
      }
    }
  }

  // MARK: Names

  private mutating func names(_ node: Node, _ subject: String) -> [String] {
    guard let elements = node.sequence else {
      findings.wrong(node, subject, expected: "a list of names")
      return []
    }
    return elements.compactMap { findings.text($0, "a name in \(subject)", expected: "a name") }
  }

  private mutating func isName(_ name: String, at place: Place, _ what: String, mayHoldDots: Bool = true) -> Bool {
    let isBlank = name.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    if !isBlank, mayHoldDots || !name.contains(".") { return true }
    findings.error(at: place, "\(what) is \(Quoted.of(name))", expected: isBlank ? "a name" : "a name without dots")
    return false
  }

  // MARK: Aliases of properties

  private mutating func readPropertyAliases(_ node: Node, into event: inout EventType) {
    guard let entries = node.mapping else {
      findings.wrong(node, "'property_aliases'", expected: "a mapping of declared properties and lists of names")
      return
    }
    for entry in entries {
      let aliases = names(entry.value, Quoted.of(entry.key))
      guard let path = PropertyPath(entry.key) else {
        findings.error(at: entry.keyPlace, "\(Quoted.of(entry.key)) is no property", expected: "names and single dots")
        continue
      }
      if let problem = Self.add(aliases, at: path.names[...], to: &event.properties) {
        findings.error(
          at: problem.alias == nil ? entry.keyPlace : entry.value.place, problem.message(of: entry.key),
          expected: problem.alias == nil ? "a property that 'properties' declares" : "a name that only one has",
          suggestion: problem.nearest)
      }
    }
  }

  private struct AliasProblem {
    /// The alias that is taken; none where the property is not declared.
    var alias: String?
    var owner = ""
    var nearest: String?

    func message(of path: String) -> String {
      guard let alias else { return "\(Quoted.of(path)) is not declared" }
      return "\(Quoted.of(alias)) cannot stand for \(Quoted.of(path)): it belongs to \(Quoted.of(owner))"
    }
  }

  /// Adds aliases to the field at a path, and says what stands against it.
  private static func add(
    _ aliases: [String], at path: ArraySlice<String>, to fields: inout [PropertyType.Field]
  ) -> AliasProblem? {
    guard let name = path.first, let index = fields.firstIndex(where: { $0.name == name }) else {
      return AliasProblem(nearest: NearestWord.of(path.first ?? "", among: fields.map(\.name)))
    }
    guard path.count == 1 else {
      guard case .object(var inner) = fields[index].type.element else { return AliasProblem() }
      let problem = add(aliases, at: path.dropFirst(), to: &inner)
      fields[index].type = fields[index].type.replacingElement(by: .object(inner))
      return problem
    }
    for alias in aliases {
      if let owner = fields.first(where: { $0.name == alias || $0.aliases.contains(alias) }) {
        return AliasProblem(alias: alias, owner: owner.name)
      }
      fields[index].aliases.append(alias)
    }
    return nil
  }
}

extension PropertyType {
  /// The same lists around another element.
  fileprivate func replacingElement(by element: PropertyType) -> PropertyType {
    if case .list(let inner) = self { return .list(inner.replacingElement(by: element)) }
    return element
  }
}
