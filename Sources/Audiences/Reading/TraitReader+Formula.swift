import Events
import YAML

/// Traits that are made of other traits.
extension TraitReader {
  mutating func readFormula(_ entry: Entry, _ subject: String) {
    let before = reader.findings.errorCount
    known.traits.compute(entry.key, types: [.number], isFigure: true)
    guard let parts = reader.findings.entries(entry.value, subject, of: Self.formula) else { return }
    let words = parts.map { part in
      (part.key, reader.findings.text(part.value, "'\(part.key)'", expected: "a trait's name"), part.value.place)
    }
    references[entry.key] = words.compactMap { _, text, place in text.map { Word(text: $0, place: place) } }
    func name(_ key: String) -> String? { words.first { $0.0 == key }?.1 }
    let operators = parts.filter { $0.key != "trait" }
    if operators.count == 2 {
      reader.findings.error(
        at: operators[1].keyPlace, "'\(operators[1].key)' stands beside '\(operators[0].key)'",
        expected: "one of them; a trait of its own for the other")
    } else if operators.isEmpty || parts.count == operators.count {
      let missing = operators.isEmpty ? "'minus' and no 'over'" : "'trait'"
      if reader.findings.errorCount == before {
        reader.findings.error(at: entry.keyPlace, "\(subject) has no \(missing)", expected: Self.forms)
      }
    }
    guard reader.findings.errorCount == before, let left = name("trait") else { return }
    if let right = name("minus") { traits.append(TraitDefinition(name: entry.key, formula: .minus(left, right))) }
    if let right = name("over") { traits.append(TraitDefinition(name: entry.key, formula: .over(left, right))) }
  }

  /// Traits that others are made of must be there, be numbers, and not lead back.
  mutating func checkReferences() {
    for name in references.keys.sorted() {
      for word in references[name] ?? [] { checkReference(word) }
    }
    for ring in Rings.find(references.mapValues { $0.map(\.text) }) {
      guard let place = references[ring.from]?.first(where: { $0.text == ring.to })?.place else { continue }
      reader.findings.error(
        at: place, "the traits lead back to where they began: \(ring.inWords)",
        expected: "a trait that can be told without itself")
    }
  }

  private mutating func checkReference(_ word: Word) {
    guard let types = known.traits.types(of: word.text) else {
      if known.traits.areAll { reader.noteUnknownTrait(word, among: known.traits.names) }
      return
    }
    guard let type = types.first, !types.contains(.number) else { return }
    let message = "\(Quoted.of(word.text)) is \(type.inWords)"
    if type == .string {
      reader.findings.warning(
        at: word.place, "\(message): only values that are numbers count", expected: "a trait with numbers")
    } else {
      reader.findings.error(at: word.place, message, expected: "a trait with numbers")
    }
  }
}
