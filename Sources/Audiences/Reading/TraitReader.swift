import Events
import YAML

/// Reads `ops/traits.yaml`: computed traits (language, section 4).
struct TraitReader {
  var reader: DefinitionReader
  /// What may be named, with the computed traits once they are read.
  var known: KnownNames
  var traits: [TraitDefinition] = []
  /// Where the traits that a trait is made of are named.
  var references: [String: [Word]] = [:]

  static let formula = Vocabulary(
    ["trait", "minus", "over"],
    meant: ["less": "minus", "subtract": "minus", "divided_by": "over", "by": "over", "per": "over"])
  static let measures = DefinitionReader.measureNames + DefinitionReader.traitMeasureNames
  static let ofEvents = Vocabulary(
    DefinitionReader.query.words + measures,
    meant: DefinitionReader.query.meant.merging([
      "total": "sum", "minimum": "min", "maximum": "max", "avg": "average", "mean": "average",
      "favourite": "favorite", "unique": "distinct", "latest": "last", "list": "collect",
    ]) { first, _ in first })
  static let forms = "{event: .., MEASURE: ..}, or {trait: .., minus: ..} or {trait: .., over: ..}"

  init(_ document: Document, known: KnownNames) {
    reader = DefinitionReader(document, key: nil, known: known)
    self.known = known
  }

  var diagnostics: [Diagnostic] { reader.findings.diagnostics }

  /// The traits that could be read. All names are known afterwards, those of wrong definitions included.
  mutating func read(_ document: Document) -> [TraitDefinition] {
    guard let root = document.root else {
      known.traits.areAll = false
      return []
    }
    guard root.scalar?.coreType != .null else { return [] }
    guard let entries = root.mapping else {
      reader.findings.wrong(root, "the file", expected: "a mapping of trait names")
      known.traits.areAll = false
      return []
    }
    let named = entries.filter { isName($0) }
    for entry in named { readTrait(entry) }
    checkReferences()
    return traits
  }

  private mutating func isName(_ entry: Entry) -> Bool {
    let name = entry.key
    let isBlank = name.unicodeScalars.allSatisfy(\.properties.isWhitespace)
    if isBlank || name.contains(".") {
      reader.findings.error(
        at: entry.keyPlace, "a trait's name is \(Quoted.of(name))", expected: isBlank ? "a name" : "a name without dots"
      )
      return false
    }
    if known.traits.isComputed(name) {
      reader.findings.error(at: entry.keyPlace, "\(Quoted.of(name)) is here a second time", expected: "each trait once")
      return false
    }
    if known.taxonomy?.trait(named: name) != nil {
      reader.findings.warning(
        at: entry.keyPlace, "\(Quoted.of(name)) hides the trait of that name that 'identify' sets",
        expected: "a name that \(ProjectReader.taxonomyPath) does not declare")
    }
    known.traits.compute(name, types: [])
    return true
  }

  private mutating func readTrait(_ entry: Entry) {
    let subject = "the trait \(Quoted.of(entry.key))"
    let keys = entry.value.mapping?.map(\.key) ?? []
    let isOfTraits = keys.contains { Self.formula.words.contains($0) }
    let isOfEvents = keys.contains("event")
    guard isOfTraits || isOfEvents else {
      guard entry.value.mapping?.isEmpty == false else {
        reader.findings.wrong(entry.value, subject, expected: Self.forms)
        return
      }
      noteMissingForm(entry, subject)
      return
    }
    if isOfTraits, isOfEvents {
      reader.findings.error(
        at: entry.value.place, "\(subject) is told from events and from traits", expected: Self.forms)
    } else if isOfTraits {
      readFormula(entry, subject)
    } else {
      readMeasure(entry, subject)
    }
  }

  private mutating func noteMissingForm(_ entry: Entry, _ subject: String) {
    let vocabulary = Self.ofEvents
    if !reader.findings.holdsSlip(for: "event", entry.value, of: vocabulary) {
      reader.findings.error(at: entry.keyPlace, "\(subject) names no event", expected: Self.forms)
    }
    _ = reader.findings.entries(entry.value, subject, of: vocabulary)
  }
}
