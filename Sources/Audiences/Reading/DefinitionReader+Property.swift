import Events
import YAML

/// A property that a definition names, as the taxonomy knows it.
struct NamedProperty {
  /// The path by canonical names.
  let path: PropertyPath
  /// The types that the events declare for it, going through lists; none where it is not declared.
  let types: [PropertyType]
}

/// Properties of events, by the taxonomy: aliases mean the canonical name, types say what can be asked.
extension DefinitionReader {
  /// The property of that name. One that no event of these declares is warned of: it is likely a slip.
  mutating func property(_ name: String, at place: Place, of events: [String]) -> NamedProperty? {
    guard let path = PropertyPath(name) else {
      findings.error(at: place, "\(Quoted.of(name)) is no property", expected: "names with single dots between them")
      return nil
    }
    let known = events.compactMap { taxonomy?.event(named: $0) }
    let canonical = known.map { $0.canonical(path) }
    guard canonical.contains(where: { $0 != nil }) else {
      warnIfUndeclared(path, at: place, known)
      return NamedProperty(path: path, types: [])
    }
    let meanings = canonical.map { $0 ?? path }
    if let other = meanings.firstIndex(where: { $0 != meanings[0] }) {
      findings.error(
        at: place,
        "\(Quoted.of(name)) is \(Quoted.of(meanings[0].description)) in \(Quoted.of(known[0].name))"
          + " and \(Quoted.of(meanings[other].description)) in \(Quoted.of(known[other].name))",
        expected: "a property that means the same in all events of the list, or one condition for each under 'any:'")
      return nil
    }
    let declared = known.compactMap { $0.property(at: meanings[0])?.element }
    return NamedProperty(path: meanings[0], types: declared)
  }

  /// A property whose values are compared with each other: an object is none (language, section 3.4).
  mutating func comparable(_ node: Node, _ subject: String, of events: [String]) -> NamedProperty? {
    guard let name = findings.text(node, subject, expected: "a property's name") else { return nil }
    guard let property = property(name, at: node.place, of: events) else { return nil }
    if case .object(let fields)? = property.types.first {
      findings.error(
        at: node.place, "\(Quoted.of(name)) is declared as an object", expected: "a property with single values",
        suggestion: fields.first.map { name + "." + $0.name })
      return nil
    }
    return property
  }

  /// A property that is measured as a number. Its values must be able to be numbers.
  mutating func numbers(_ entry: Entry, of events: [String]) -> PropertyPath? {
    guard let name = findings.text(entry.value, "'\(entry.key)'", expected: "a property's name") else { return nil }
    guard let property = property(name, at: entry.value.place, of: events) else { return nil }
    let types = property.types
    if types.isEmpty || types.contains(.number) { return property.path }
    let nearest = numericProperty(like: name, of: events)
    guard types.contains(.string) || types.contains(.time) else {
      findings.error(
        at: entry.value.place, "\(Quoted.of(name)) is declared as \(types[0].inWords)",
        expected: "a property with numbers", suggestion: nearest)
      return nil
    }
    findings.warning(
      at: entry.value.place,
      "\(Quoted.of(name)) is declared as \(types[0].inWords): only values that are numbers count",
      expected: "a property with numbers", suggestion: nearest)
    return property.path
  }

  private func numericProperty(like name: String, of events: [String]) -> String? {
    let fields = events.flatMap { taxonomy?.event(named: $0)?.properties ?? [] }
    return NearestWord.of(name, among: fields.lazy.filter { $0.type.element == .number }.map(\.name))
  }

  /// An event without any declared property says nothing about which it has.
  mutating func warnIfUndeclared(_ path: PropertyPath, at place: Place, _ events: [EventType]) {
    let declaring = events.filter { !$0.properties.isEmpty }
    guard !declaring.isEmpty, declaring.count == events.count else { return }
    let names = declaring.map { Quoted.of($0.name) }.joined(separator: ", ")
    findings.warning(
      at: place, "\(Quoted.of(path.description)) is not declared for \(names)",
      expected: "a property that \(ProjectReader.taxonomyPath) declares",
      suggestion: NearestWord.of(
        path.description, among: declaring.lazy.flatMap { Self.paths($0.properties, below: "") }))
  }

  /// All declared paths, those of inner objects behind their own.
  private static func paths(_ fields: [PropertyType.Field], below prefix: String) -> [String] {
    fields.flatMap { field -> [String] in
      let path = prefix + field.name
      guard case .object(let inner) = field.type.element else { return [path] }
      return [path] + paths(inner, below: path + ".")
    }
  }
}

extension PropertyType {
  /// The type in a marketer's words, after "declared as".
  var inWords: String {
    switch self {
    case .string: "text"
    case .number: "a number"
    case .boolean: "true or false"
    case .time: "a time"
    case .list(let element): element.inWords
    case .object: "an object"
    }
  }
}
