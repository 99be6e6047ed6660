internal import Events

/// The parts of leaves: queries, measures, predicates.
extension LogicText {
  static func of(_ query: EventQuery) -> String {
    var parts = [of(query.events)]
    if let since = query.since { parts.append(list("since", [of(since)])) }
    parts += optional("gap", query.gap?.ms)
    parts += query.sequels.map(of)
    if let pick = query.pick { parts.append(list("pick", [pick.rawValue])) }
    if !query.having.isEmpty { parts.append(list("having", set(query.having.map(of)))) }
    if let window = query.window { parts.append(of(window)) }
    return list("query", parts)
  }

  static func of(_ selector: EventSelector) -> String {
    let filter = selector.filter.isEmpty ? [] : [list("where", set(selector.filter.map(of)))]
    return list("of", set(selector.names.map(quoted)) + filter)
  }

  static func of(_ test: PropertyTest) -> String {
    list("test", [quoted(test.path.description), of(test.predicate)])
  }

  private static func of(_ sequel: Sequel) -> String {
    var parts = [of(sequel.events)]
    if let same = sequel.same { parts.append(list("same", [quoted(same.description)])) }
    parts += optional("within", sequel.within?.ms)
    parts += sequel.sequels.map(of)
    return list(sequel.isWanted ? "then" : "without", parts)
  }

  static func of(_ window: Window) -> String { list("age", ["\(window.from.ms)", "\(window.to.ms)"]) }

  static func of(_ measure: Measure) -> String {
    func of(_ head: String, _ path: PropertyPath) -> String { list(head, [quoted(path.description)]) }
    return switch measure {
    case .count: "(count)"
    case .sum(let path, nil): of("sum", path)
    case .sum(let path, .some(let times)): list("sum", sorted([path, times].map { quoted($0.description) }))
    case .average(let path): of("average", path)
    case .min(let path): of("min", path)
    case .max(let path): of("max", path)
    case .distinct(let path): of("distinct", path)
    case .favorite(let path): of("favorite", path)
    case .firstAt: "(first-at)"
    case .lastAt: "(last-at)"
    case .first(let path): of("first", path)
    case .last(let path): of("last", path)
    case .collect(let paths, let keep): list("collect", ["\(keep)"] + paths.map { quoted($0.description) })
    }
  }

  static func of(_ predicate: Predicate) -> String { list("is", set(predicate.comparisons.map(of))) }

  private static func of(_ comparison: Predicate.Comparison) -> String {
    switch comparison {
    case .equals(let operand): list("in", [of(operand)])
    case .isIn(let operands): list("in", set(operands.map(of)))
    case .not(let operand): list("not-in", [of(operand)])
    case .notIn(let operands): list("not-in", set(operands.map(of)))
    case .atLeast(let operand): list("at-least", [of(operand)])
    case .moreThan(let operand): list("more-than", [of(operand)])
    case .atMost(let operand): list("at-most", [of(operand)])
    case .lessThan(let operand): list("less-than", [of(operand)])
    case .between(let from, let to): list("between", [of(from), of(to)])
    case .exists(let wanted): list("exists", ["\(wanted)"])
    case .contains(let text): list("contains", [quoted(text)])
    case .startsWith(let text): list("starts-with", [quoted(text)])
    }
  }

  private static func of(_ operand: Predicate.Operand) -> String {
    switch operand {
    case .string(let text): quoted(text)
    case .number(let number): "\(number.units)"
    case .boolean(let truth): "\(truth)"
    }
  }
}

/// How the texts are put together.
extension LogicText {
  static func list(_ head: String, _ parts: [String]) -> String {
    "(" + ([head] + parts).joined(separator: " ") + ")"
  }

  /// Parts whose order does not matter, each once: byte for byte, since Swift takes some texts that differ for equal.
  static func set(_ parts: [String]) -> [String] {
    var last: String?
    return sorted(parts).filter { part in
      defer { last = part }
      return last.map { !$0.utf8.elementsEqual(part.utf8) } ?? true
    }
  }

  /// Parts whose order does not matter.
  static func sorted(_ parts: [String]) -> [String] {
    parts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// A part that may not be there.
  static func optional(_ head: String, _ number: Int64?) -> [String] {
    number.map { [list(head, ["\($0)"])] } ?? []
  }

  /// A text that cannot be taken for anything else.
  static func quoted(_ text: String) -> String {
    var written = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { written += "\\" }
      written.unicodeScalars.append(scalar)
    }
    return written + "\""
  }
}
