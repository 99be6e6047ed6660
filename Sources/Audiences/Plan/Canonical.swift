internal import Events

/// One form for all ways to write the same, so that equal leaves are found equal, and texts of them that stay the same.
enum Canonical {
  static func form(_ leaf: EventLeaf) -> EventLeaf {
    var leaf = leaf
    leaf.query = form(leaf.query)
    leaf.predicate = form(leaf.predicate)
    return leaf
  }

  static func form(_ query: EventQuery) -> EventQuery {
    var query = query
    query.events = form(query.events)
    query.since = query.since.map(form)
    query.having = sorted(query.having)
    query.sequels = sorted(query.sequels)
    return query.withoutNeedlessSequel
  }

  private static func sorted(_ sequels: [Sequel]) -> [Sequel] {
    sequels.map { sequel in
      var sequel = sequel
      sequel.events = form(sequel.events)
      sequel.sequels = sorted(sequel.sequels)
      return sequel
    }.sorted { isBefore(text($0), text($1)) }
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
    case .trait(let leaf): text(leaf)
    case .audience(let key): "audience \(key)"
    }
  }

  private static func text(_ leaf: EventLeaf) -> String {
    let by = leaf.by.map { " by \($0)" } ?? ""
    return "\(text(leaf.query))\(by) \(text(leaf.measure)) is \(text(leaf.predicate))"
  }

  private static func text(_ leaf: TraitLeaf) -> String {
    switch leaf.test {
    case .value(let predicate): "trait \(leaf.name) \(text(predicate))"
    case .ago(let window): "trait \(leaf.name) ago \(window.from.ms)..<\(window.to.ms)"
    case .ahead(let window): "trait \(leaf.name) ahead \(window.from.ms)<..\(window.to.ms)"
    }
  }

  /// Everything but the measure.
  static func text(_ query: EventQuery) -> String {
    var words = [text(query.events)]
    if let since = query.since { words.append("since (\(text(since)))") }
    if let gap = query.gap { words.append("gap \(gap.ms)") }
    words += query.sequels.map(text)
    if let pick = query.pick { words.append("pick \(pick)") }
    if !query.having.isEmpty { words.append("having \(query.having.map(text))") }
    if let window = query.window { words.append("age \(window.from.ms)..<\(window.to.ms)") }
    return words.joined(separator: " ")
  }

  static func text(_ sequel: Sequel) -> String {
    var words = [sequel.isWanted ? "followed by (\(text(sequel.events))" : "not followed by (\(text(sequel.events))"]
    if let same = sequel.same { words.append("same \(same)") }
    if let within = sequel.within { words.append("within \(within.ms)") }
    words += sequel.sequels.map(text)
    return words.joined(separator: " ") + ")"
  }

  static func text(_ selector: EventSelector) -> String {
    let filter = selector.filter.isEmpty ? "" : " where \(selector.filter.map(text))"
    return "\(selector.names)\(filter)"
  }

  static func text(_ test: PropertyTest) -> String { "\(test.path) \(text(test.predicate))" }

  static func text(_ measure: Measure) -> String {
    switch measure {
    case .sum(let of, let times): "sum \(of)" + (times.map { " times \($0)" } ?? "")
    case .min(let of): "min \(of)"
    case .max(let of): "max \(of)"
    default: "\(measure)"
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

extension EventQuery {
  /// "Not followed by" another event, however much later, is "since" that event: it is cheaper to keep. Where an event
  /// could be both, it would stand after itself, and the two differ; so they do beside `gap` and another `since`.
  fileprivate var withoutNeedlessSequel: EventQuery {
    guard gap == nil, since == nil, sequels.count == 1, let sequel = sequels.first, !sequel.isWanted,
      sequel.same == nil, sequel.within == nil, sequel.sequels.isEmpty,
      Set(sequel.events.names).isDisjoint(with: events.names)
    else { return self }
    var query = self
    query.since = sequel.events
    query.sequels = []
    return query
  }
}
