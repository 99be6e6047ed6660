import Events
import YAML

/// Leaves about traits (language, section 3.2).
extension DefinitionReader {
  /// The keys beside `trait`.
  static let traitLeaf = Vocabulary(
    ["trait", "is", "ago", "ahead"], later: ["top"],
    meant: [
      "equals": "is", "value": "is", "not": "is", "in": "is", "at_least": "is", "more_than": "is", "at_most": "is",
      "less_than": "is", "exists": "is", "contains": "is", "starts_with": "is", "within": "ago", "between": "ago",
      "since": "ago", "past": "ago", "before": "ahead", "until": "ahead", "in_next": "ahead", "percentile": "top",
    ])
  private static let ages = Vocabulary(["within", "between"])

  /// The leaf that a mapping with `trait` says.
  mutating func traitLeaf(_ node: Node) -> TraitLeaf? {
    let before = findings.errorCount
    guard let entries = findings.entries(node, "a condition", of: Self.traitLeaf) else { return nil }
    let trait = entries.first { $0.key == "trait" }.flatMap { traitName($0.value) }
    let types = trait.flatMap { traitTypes($0) }
    let said = entries.filter { $0.key != "trait" }
    for extra in said.dropFirst() {
      findings.error(
        at: extra.keyPlace, "\(Quoted.of(extra.key)) stands beside \(Quoted.of(said[0].key)) in one condition",
        expected: "one of them; two conditions under 'all:' where both must hold")
    }
    let tests = said.map { traitTest($0, of: trait, types ?? []) }
    if said.isEmpty, findings.errorCount == before {
      findings.error(
        at: node.place, "nothing is said of the trait",
        expected: "'is:', 'ago:' or 'ahead:' beside it; {exists: true} under 'is:' asks whether it is there")
    }
    guard findings.errorCount == before, let trait, let test = tests.first ?? nil else { return nil }
    return TraitLeaf(name: trait.text, test: test)
  }

  mutating func traitName(_ node: Node) -> Word? {
    findings.text(node, "'trait'", expected: "a trait's name").map { Word(text: $0, place: node.place) }
  }

  /// The types that a trait's values may have, any where empty; `nil`, noted, where there is no such trait.
  mutating func traitTypes(_ trait: Word) -> [PropertyType]? {
    if let types = known.traits.types(of: trait.text) { return types }
    guard known.traits.areAll else { return [] }
    noteUnknownTrait(trait, among: known.traits.names)
    return nil
  }

  mutating func noteUnknownTrait(_ trait: Word, among names: [String]) {
    findings.error(
      at: trait.place, "unknown trait \(Quoted.of(trait.text))",
      expected: "a trait of \(ProjectReader.traitsPath) or of 'traits' in \(ProjectReader.taxonomyPath)",
      suggestion: NearestWord.of(trait.text, among: names))
  }

  private mutating func traitTest(_ entry: Entry, of trait: Word?, _ types: [PropertyType]) -> TraitLeaf.Test? {
    guard entry.key != "is" else {
      let name = trait.map { Quoted.of($0.text) } ?? "'is'"
      let isFigure = trait.map { known.traits.isFigure($0.text) } ?? false
      let subject = PredicateSubject(name: name, types: types, isFigure: isFigure, isTrait: true)
      guard let predicate = predicate(entry.value, subject) else { return nil }
      if let what = trait.flatMap({ known.traits.counts($0.text) }), predicate.entriesNeeded > known.entries {
        findings.warning(
          at: entry.value.place, "\(name) counts \(known.entries) \(what) of one profile at most",
          expected: "a smaller number, or a greater 'limits.entries' in \(ProjectReader.policyPath)")
      }
      return .value(predicate)
    }
    if let trait, let type = types.first, !types.contains(.time) {
      let nearest = timeTrait(like: trait.text)
      findings.error(
        at: entry.keyPlace, "'\(entry.key)' is for times, and \(Quoted.of(trait.text)) is \(type.inWords)",
        expected: "a trait that holds a time, or 'is:'", suggestion: nearest)
    }
    let subject = "'\(entry.key)'"
    guard let parts = findings.entries(entry.value, subject, of: Self.ages) else { return nil }
    if parts.isEmpty, entry.value.mapping?.isEmpty == true {
      findings.error(at: entry.value.place, "\(subject) says nothing", expected: "{within: 7d} or {between: [1d, 7d]}")
    }
    let keyed = Dictionary(parts.map { ($0.key, $0) }) { first, _ in first }
    return window(keyed, isAhead: entry.key == "ahead").map { entry.key == "ago" ? .ago($0) : .ahead($0) }
  }

  private func timeTrait(like name: String) -> String? {
    NearestWord.of(name, among: known.traits.names.filter { known.traits.types(of: $0)?.contains(.time) ?? false })
  }
}
