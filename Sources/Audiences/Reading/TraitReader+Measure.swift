import Events
import YAML

/// Traits that are a measure of some events.
extension TraitReader {
  mutating func readMeasure(_ entry: Entry, _ subject: String) {
    let before = reader.findings.errorCount
    guard let entries = eventEntries(entry.value, subject) else { return }
    let query = reader.query(Dictionary(entries.map { ($0.key, $0) }) { first, _ in first })
    let given = entries.filter { Self.measures.contains($0.key) }
    reader.noteSecondMeasures(given, in: "trait", expected: "one measure; a trait of its own for each")
    if given.isEmpty, reader.findings.errorCount == before {
      reader.findings.error(
        at: entry.keyPlace, "\(subject) has no measure",
        expected: "one of: " + Self.measures.joined(separator: ", ") + "; {count: true} counts the events")
    }
    guard let measured = given.map({ measure($0, of: query.events.names) }).first ?? nil else { return }
    known.traits.compute(
      entry.key, types: measured.types, isFigure: measured.isFigure,
      counting: DefinitionReader.counted(query, measured.measure))
    if reader.findings.errorCount == before {
      traits.append(TraitDefinition(name: entry.key, formula: .measure(query, measured.measure)))
    }
  }

  /// The entries that are understood. What only conditions have is told as that.
  private mutating func eventEntries(_ node: Node, _ subject: String) -> [Entry]? {
    for entry in node.mapping ?? [] where entry.key == "by" || entry.key == "is" {
      reader.findings.error(
        at: entry.keyPlace, "'\(entry.key)' is for conditions, not for traits",
        expected: entry.key == "by" ? "a trait without it" : "the measure alone; a condition says what it must be")
    }
    let rest = (node.mapping ?? []).filter { $0.key != "by" && $0.key != "is" }
    return reader.findings.entries(Node(.mapping(rest), at: node.place), subject, of: Self.ofEvents)
  }

  private mutating func measure(_ entry: Entry, of events: [String]) -> DefinitionReader.TypedMeasure? {
    switch entry.key {
    case "count": return isTrue(entry) ? .init(measure: .count, types: [.number]) : nil
    case "first_at": return isTrue(entry) ? .init(measure: .firstAt, types: [.time]) : nil
    case "last_at": return isTrue(entry) ? .init(measure: .lastAt, types: [.time]) : nil
    default: break
    }
    let vocabulary = DefinitionReader.measureVocabulary(entry.key, withTest: false)
    guard let all = entry.value.mapping else {
      reader.findings.wrong(entry.value, "'\(entry.key)'", expected: "a mapping with \(vocabulary.inWords)")
      return nil
    }
    for part in all where part.key == "is" {
      reader.findings.error(
        at: part.keyPlace, "'is' is for conditions, not for traits",
        expected: "the measure alone; a condition says what it must be")
    }
    let rest = Node(.mapping(all.filter { $0.key != "is" }), at: entry.value.place)
    guard let parts = reader.findings.entries(rest, "'\(entry.key)'", of: vocabulary) else { return nil }
    if entry.key == "collect" { return collect(entry, parts, vocabulary, of: events) }
    return reader.measure(entry, parts, vocabulary, of: events)
  }

  private mutating func isTrue(_ entry: Entry) -> Bool {
    if entry.value.scalar?.bool == true { return true }
    let expected = "true; a condition on the trait says what it must be"
    reader.findings.wrong(entry.value, "'\(entry.key)'", expected: expected, suggestion: "true")
    return false
  }

  private mutating func collect(
    _ entry: Entry, _ parts: [Entry], _ vocabulary: Vocabulary, of events: [String]
  ) -> DefinitionReader.TypedMeasure? {
    let paths = reader.required("of", of: parts, in: entry, vocabulary).flatMap { collected($0.value, of: events) }
    guard let keep = parts.first(where: { $0.key == "keep" }) else {
      if !reader.findings.holdsSlip(for: "keep", entry.value, of: vocabulary) {
        reader.findings.error(
          at: entry.keyPlace, "'collect' has no 'keep'",
          expected: "'keep:' with the most events it may tell, such as 20")
      }
      return nil
    }
    guard let most = reader.findings.positiveInteger(keep.value, "'keep'") else { return nil }
    guard most <= known.entries else {
      reader.findings.error(
        at: keep.value.place, "this needs \(most) events of one profile, and \(known.entries) are kept at most",
        expected: "a smaller number, or a greater 'limits.entries' in \(ProjectReader.policyPath)")
      return nil
    }
    return paths.map { .init(measure: .collect(of: $0, keep: most), types: [.object([])]) }
  }

  private mutating func collected(_ node: Node, of events: [String]) -> [PropertyPath]? {
    let expected = "a list of properties, as in [product_id, price]"
    guard let elements = node.sequence == nil ? [node] : reader.findings.elements(node, "'of'", expected: expected)
    else { return nil }
    var paths: [PropertyPath] = []
    for element in elements {
      guard let property = reader.comparable(element, "'of'", of: events) else { continue }
      if paths.contains(property.path) {
        reader.findings.error(
          at: element.place, "'of' has \(Quoted.of(property.path.description)) a second time",
          expected: "each property once")
      }
      paths.append(property.path)
    }
    return paths.count == elements.count ? paths : nil
  }
}
