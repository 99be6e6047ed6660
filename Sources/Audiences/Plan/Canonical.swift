internal import Events

/// One form for all ways to write the same, so that equal leaves are found equal, and texts of them that stay the same.
enum Canonical {
  static func form(_ leaf: EventLeaf) -> EventLeaf {
    var leaf = leaf
    leaf.events = form(leaf.events)
    leaf.since = leaf.since.map(form)
    leaf.having = sorted(leaf.having)
    leaf.measure = form(leaf.measure)
    return leaf
  }

  private static func form(_ measure: EventLeaf.Measure) -> EventLeaf.Measure {
    switch measure {
    case .count(let predicate): .count(form(predicate))
    case .sum(let of, let times, let predicate): .sum(of: of, times: times, is: form(predicate))
    case .min(let of, let predicate): .min(of: of, is: form(predicate))
    case .max(let of, let predicate): .max(of: of, is: form(predicate))
    }
  }

  private static func form(_ predicate: Predicate) -> Predicate {
    let comparisons = predicate.comparisons.map { comparison in
      switch comparison {
      case .isIn(let all): Predicate.Comparison.isIn(all.sorted { isBefore(text($0), text($1)) })
      case .notIn(let all): Predicate.Comparison.notIn(all.sorted { isBefore(text($0), text($1)) })
      default: comparison
      }
    }
    return Predicate(comparisons.sorted { isBefore(text($0), text($1)) })
  }

  /// Byte for byte: Swift's own order takes some texts that differ for equal.
  private static func isBefore(_ a: String, _ b: String) -> Bool { a.utf8.lexicographicallyPrecedes(b.utf8) }

  static func form(_ selector: EventSelector) -> EventSelector {
    EventSelector(names: selector.names.sorted(), filter: sorted(selector.filter))
  }

  private static func sorted(_ tests: [PropertyTest]) -> [PropertyTest] {
    tests.map { PropertyTest(path: $0.path, predicate: form($0.predicate)) }.sorted { isBefore(text($0), text($1)) }
  }

  static func text(_ condition: Condition) -> String {
    switch condition {
    case .all(let parts): "all(\(parts.map(text).joined(separator: ", ")))"
    case .any(let parts): "any(\(parts.map(text).joined(separator: ", ")))"
    case .not(let part): "not(\(text(part)))"
    case .events(let leaf): text(form(leaf))
    }
  }

  private static func text(_ leaf: EventLeaf) -> String {
    var words = [text(leaf.events)]
    if let since = leaf.since { words.append("since (\(text(since)))") }
    if let pick = leaf.pick { words.append("pick \(pick)") }
    if !leaf.having.isEmpty { words.append("having \(leaf.having.map(text))") }
    if let window = leaf.window { words.append("age \(window.from.ms)..<\(window.to.ms)") }
    words.append("\(text(leaf.measure)) is \(text(leaf.measure.predicate))")
    return words.joined(separator: " ")
  }

  static func text(_ selector: EventSelector) -> String {
    let filter = selector.filter.isEmpty ? "" : " where \(selector.filter.map(text))"
    return "\(selector.names)\(filter)"
  }

  static func text(_ test: PropertyTest) -> String { "\(test.path) \(text(test.predicate))" }

  static func text(_ measure: EventLeaf.Measure) -> String {
    switch measure {
    case .count: "count"
    case .sum(let of, let times, _): "sum \(of)" + (times.map { " times \($0)" } ?? "")
    case .min(let of, _): "min \(of)"
    case .max(let of, _): "max \(of)"
    }
  }

  private static func text(_ predicate: Predicate) -> String {
    form(predicate).comparisons.map(text).joined(separator: " and ")
  }

  static func text(_ comparison: Predicate.Comparison) -> String {
    switch comparison {
    case .equals(let a): "= \(text(a))"
    case .not(let a): "not \(text(a))"
    case .isIn(let all): "in \(all.map(text))"
    case .notIn(let all): "not in \(all.map(text))"
    case .atLeast(let a): ">= \(text(a))"
    case .moreThan(let a): "> \(text(a))"
    case .atMost(let a): "<= \(text(a))"
    case .lessThan(let a): "< \(text(a))"
    case .between(let a, let b): "\(text(a))...\(text(b))"
    case .exists(let wanted): "exists \(wanted)"
    case .contains(let text): "contains \(text.utf8.count):\(text)"
    case .startsWith(let text): "starts with \(text.utf8.count):\(text)"
    }
  }

  static func text(_ operand: Predicate.Operand) -> String {
    switch operand {
    case .string(let text): "text \(text.utf8.count):\(text)"  // the length keeps two texts from reading as one
    case .number(let number): "\(number)"
    case .boolean(let truth): "\(truth)"
    }
  }
}
