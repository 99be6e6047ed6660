internal import Events

/// One form for all ways to write the same, so that equal leaves are found equal, and texts of them that stay the same.
enum Canonical {
  static func form(_ leaf: EventLeaf) -> EventLeaf {
    var leaf = leaf
    leaf.events = form(leaf.events)
    leaf.since = leaf.since.map(form)
    leaf.having = sorted(leaf.having)
    return leaf
  }

  static func form(_ selector: EventSelector) -> EventSelector {
    EventSelector(names: selector.names.sorted(), filter: sorted(selector.filter))
  }

  private static func sorted(_ tests: [PropertyTest]) -> [PropertyTest] {
    tests.sorted { text($0) < text($1) }
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
    predicate.comparisons.map(text).sorted().joined(separator: " and ")
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
