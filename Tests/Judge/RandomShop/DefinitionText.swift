/// Definitions and taxonomies as the YAML files that a project holds.
extension Definition {
  /// The text of `ops/audiences/KEY.yaml`, with nothing but `when`.
  public var yaml: String { "when:\n" + when.yaml(indent: "  ") }
}

extension Condition {
  /// The condition in block style, each line indented.
  fileprivate func yaml(indent: String) -> String {
    switch self {
    case .all(let parts): indent + "all:\n" + Self.list(parts, indent)
    case .any(let parts): indent + "any:\n" + Self.list(parts, indent)
    case .not(let part): indent + "not:\n" + part.yaml(indent: indent + "  ")
    case .event(let leaf): leaf.entries.map { indent + $0 + "\n" }.joined()
    }
  }

  private static func list(_ parts: [Condition], _ indent: String) -> String {
    parts.map { part in
      let text = part.yaml(indent: indent + "    ")
      return indent + "  - " + text.dropFirst(indent.utf8.count + 4)
    }.joined()
  }
}

extension Leaf {
  /// Its keys with their values, each on a line.
  fileprivate var entries: [String] {
    let name = events.count == 1 ? events[0] : flowList(events)
    var entries = ["event: \(name)"]
    if !filter.isEmpty { entries.append("where: \(filter.yaml)") }
    if let since {
      let plain = since.filter.isEmpty
      entries.append("since: " + (plain ? since.event : "{ event: \(since.event), where: \(since.filter.yaml) }"))
    }
    if let pick { entries.append("pick: \(pick.rawValue)") }
    if !having.isEmpty { entries.append("having: \(having.yaml)") }
    switch window {
    case .within(let end): entries.append("within: \(end.yaml)")
    case .between(let start, let end): entries.append("between: [\(start.yaml), \(end.yaml)]")
    case nil: break
    }
    if let measure { entries.append(measure.yaml) }
    return entries
  }
}

extension Span {
  fileprivate var yaml: String { "\(amount)\(unit.rawValue)" }
}

extension [Clause] {
  fileprivate var yaml: String { "{ " + map { "\($0.path): \($0.predicate.yaml)" }.joined(separator: ", ") + " }" }
}

extension Measure {
  fileprivate var yaml: String {
    switch self {
    case .count(let wanted): "count: \(wanted.yaml)"
    case .sum(let path, let times, let wanted):
      "sum: { of: \(path), " + (times.map { "times: \($0), " } ?? "") + "is: \(wanted.yaml) }"
    case .min(let path, let wanted): "min: { of: \(path), is: \(wanted.yaml) }"
    case .max(let path, let wanted): "max: { of: \(path), is: \(wanted.yaml) }"
    }
  }
}

extension Predicate {
  fileprivate var yaml: String {
    if isBare, operators.count == 1, case .equals(let operand) = operators[0] { return operand.yaml }
    return "{ " + operators.map(\.yaml).joined(separator: ", ") + " }"
  }
}

extension Operator {
  fileprivate var yaml: String {
    switch self {
    case .equals(let operand): "equals: \(operand.yaml)"
    case .not(let operand): "not: \(operand.yaml)"
    case .among(let operands): "in: \(flowList(operands.map(\.yaml)))"
    case .notAmong(let operands): "not_in: \(flowList(operands.map(\.yaml)))"
    case .atLeast(let operand): "at_least: \(operand.yaml)"
    case .moreThan(let operand): "more_than: \(operand.yaml)"
    case .atMost(let operand): "at_most: \(operand.yaml)"
    case .lessThan(let operand): "less_than: \(operand.yaml)"
    case .between(let least, let most): "between: \(flowList([least.yaml, most.yaml]))"
    case .exists(let wanted): "exists: \(wanted)"
    case .contains(let part): "contains: \(Operand.string(part).yaml)"
    case .startsWith(let part): "starts_with: \(Operand.string(part).yaml)"
    }
  }
}

extension Operand {
  fileprivate var yaml: String {
    switch self {
    case .number(let number): return Millionths.written(number)
    case .boolean(let boolean): return "\(boolean)"
    case .string(let text):
      // `yes` and `on` are strings in YAML 1.2, `true` is not.
      let isPlain = text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
      if isPlain && !["", "true", "false", "null"].contains(text) { return text }
      return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
    }
  }
}

extension Taxonomy {
  /// The text of `topics/taxonomy.yaml`.
  public var yaml: String {
    let lines = events.map { event in
      var parts: [String] = []
      if let unique = event.unique { parts.append("unique: \(unique)") }
      if !event.aliases.isEmpty { parts.append("aliases: \(flowList(event.aliases))") }
      parts.append("properties: \(PropertyType.object(event.properties).yaml)")
      return "  \(event.name): { \(parts.joined(separator: ", ")) }\n"
    }
    return "events:\n" + lines.joined() + "traits: { tier: string, subscribed: boolean }\n"
  }
}

extension PropertyType {
  fileprivate var yaml: String {
    switch self {
    case .string: "string"
    case .number: "number"
    case .boolean: "boolean"
    case .list(let item): "[\(item.yaml)]"
    case .object(let properties):
      "{ " + properties.map { "\($0.name): \($0.type.yaml)" }.joined(separator: ", ") + " }"
    }
  }
}

private func flowList(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }
