import Events
import YAML

/// Measures of conditions (language, section 3.1).
extension DefinitionReader {
  /// The measures that conditions and traits have.
  static let measureNames = ["count", "sum", "average", "min", "max", "distinct", "favorite"]
  /// The measures that only traits have.
  static let traitMeasureNames = ["first_at", "last_at", "first", "last", "collect"]

  private static let meantOf = ["property": "of", "field": "of", "value": "of"]

  /// The keys within a measure. `is` belongs to conditions alone.
  static func measureVocabulary(_ measure: String, withTest: Bool) -> Vocabulary {
    let words =
      switch measure {
      case "sum": ["of", "times"]
      case "collect": ["of", "keep"]
      default: ["of"]
      }
    let others = measure == "sum" ? ["by": "times"] : measure == "collect" ? ["most": "keep", "last": "keep"] : [:]
    return Vocabulary(words + (withTest ? ["is"] : []), meant: meantOf.merging(others) { first, _ in first })
  }

  /// The one measure among a leaf's keys and what it must be; none where there is none.
  mutating func measure(_ entries: [Entry], of events: [String]) -> (Measure, Predicate)? {
    let given = entries.filter { Self.measureNames.contains($0.key) }
    noteSecondMeasures(
      given, in: "condition", expected: "one measure; two conditions under 'all:' where both must hold")
    let measures = given.map { measureAndTest($0, of: events) }
    return measures.first ?? nil
  }

  mutating func noteSecondMeasures(_ given: [Entry], in what: String, expected: String) {
    for extra in given.dropFirst() {
      findings.error(
        at: extra.keyPlace, "\(Quoted.of(extra.key)) stands beside \(Quoted.of(given[0].key)) in one \(what)",
        expected: expected)
    }
  }

  private mutating func measureAndTest(_ entry: Entry, of events: [String]) -> (Measure, Predicate)? {
    let subject = "'\(entry.key)'"
    if entry.key == "count" { return predicate(entry.value, .figure(subject)).map { (.count, $0) } }
    let vocabulary = Self.measureVocabulary(entry.key, withTest: true)
    guard let parts = findings.entries(entry.value, subject, of: vocabulary) else { return nil }
    let measured = measure(entry, parts, vocabulary, of: events)
    let about: PredicateSubject =
      entry.key == "favorite" ? PredicateSubject(name: "'is'", types: measured?.types ?? []) : .figure("'is'")
    let test = required("is", of: parts, in: entry, vocabulary).flatMap { predicate($0.value, about) }
    guard let measured, let test else { return nil }
    return (measured.measure, test)
  }

  /// A measure of one property, and the types of what it gives.
  struct TypedMeasure {
    let measure: Measure
    let types: [PropertyType]

    /// Whether it gives a figure, not values of events.
    var isFigure: Bool {
      switch measure {
      case .favorite, .first, .last, .firstAt, .lastAt, .collect: false
      case .count, .sum, .average, .min, .max, .distinct: true
      }
    }
  }

  /// What a measure with `of` measures, whatever it must be.
  mutating func measure(
    _ entry: Entry, _ parts: [Entry], _ vocabulary: Vocabulary, of events: [String]
  ) -> TypedMeasure? {
    let of = required("of", of: parts, in: entry, vocabulary)
    switch entry.key {
    case "sum", "average", "min", "max":
      let path = of.flatMap { numbers($0, of: events) }
      let times = parts.first { $0.key == "times" }
      let factor = times.flatMap { numbers($0, of: events) }
      guard let path, times == nil || factor != nil else { return nil }
      return TypedMeasure(measure: Self.figure(entry.key, of: path, times: factor), types: [.number])
    default:
      guard let property = of.flatMap({ comparable($0.value, "'of'", of: events) }) else { return nil }
      switch entry.key {
      case "distinct": return TypedMeasure(measure: .distinct(of: property.path), types: [.number])
      case "favorite": return TypedMeasure(measure: .favorite(of: property.path), types: property.types)
      case "first": return TypedMeasure(measure: .first(of: property.path), types: property.types)
      default: return TypedMeasure(measure: .last(of: property.path), types: property.types)
      }
    }
  }

  private static func figure(_ name: String, of path: PropertyPath, times: PropertyPath?) -> Measure {
    switch name {
    case "sum": .sum(of: path, times: times)
    case "average": .average(of: path)
    case "min": .min(of: path)
    default: .max(of: path)
    }
  }

  mutating func required(_ key: String, of parts: [Entry], in entry: Entry, _ vocabulary: Vocabulary) -> Entry? {
    if let part = parts.first(where: { $0.key == key }) { return part }
    if findings.holdsSlip(for: key, entry.value, of: vocabulary) { return nil }
    let isFigure = entry.key != "favorite"
    let what = key == "of" ? "the property measured" : "what the \(isFigure ? "figure" : "value") must be"
    let test = isFigure ? "{at_least: 100}" : "skincare"
    let example =
      vocabulary.words.contains("is") ? "{of: \(isFigure ? "revenue" : "category"), is: \(test)}" : "{of: revenue}"
    findings.error(
      at: entry.keyPlace, "\(Quoted.of(entry.key)) has no '\(key)'",
      expected: "'\(key):' with \(what), as in \(example)")
    return nil
  }
}
