/// Definitions and taxonomies as the YAML files that a project holds.
extension Definition {
  /// The text of `ops/audiences/KEY.yaml`: `when`, and those settings that are given.
  public var yaml: String {
    var settings: [String] = []
    if let purpose { settings.append("purpose: \(purpose.rawValue)") }
    if !unless.isEmpty { settings.append("unless: \(flowList(unless))") }
    if let holdFor { settings.append("hold_for: \(holdFor.yaml)") }
    if let stayAtMost { settings.append("stay_at_most: \(stayAtMost.yaml)") }
    if let rejoinAfter { settings.append("rejoin_after: \(rejoinAfter.yaml)") }
    if let holdout { settings.append("holdout: \(holdout.yaml)") }
    if isToldToAds { settings.append(Self.toAds) }
    if let retireOnMs { settings.append("retire_on: \(InstantText.usual(retireOnMs))") }
    return "when:\n" + when.yaml(indent: "  ") + settings.map { $0 + "\n" }.joined()
  }
}

extension Definition {
  /// The line that says that an ad platform is told.
  public static let toAds = "to: { ads: [meta] }"
}

extension Holdout {
  fileprivate var yaml: String {
    let until = untilMs.map { ", until: \(InstantText.usual($0))" } ?? ""
    return "{ percent: \(Millionths.written(percentMillionths)), salt: \(Operand.string(salt).yaml)\(until) }"
  }
}

extension Policy {
  /// The text of `ops/policy.yaml`.
  public var yaml: String {
    var lines: [String] = []
    if !suppressedPurposes.isEmpty || !suppressors.isEmpty {
      let purposes = flowList(suppressedPurposes.map(\.rawValue))
      lines.append("suppress: { purposes: \(purposes), audiences: \(flowList(suppressors)) }")
    }
    if !groups.isEmpty {
      lines.append("groups: { " + groups.map { "\($0.name): \(flowList($0.audiences))" }.joined(separator: ", ") + " }")
    }
    if let region { lines.append("region: \(region)") }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension [ComputedTrait] {
  /// The text of `ops/traits.yaml`.
  public var yaml: String { map { "\($0.name):\n" + $0.formula.entries.map { "  \($0)\n" }.joined() }.joined() }
}

extension ComputedTrait.Formula {
  fileprivate var entries: [String] {
    switch self {
    case .measured(let leaf, let figure): leaf.entries + [figure.yaml]
    case .difference(let left, let right): ["trait: \(left)", "minus: \(right)"]
    case .ratio(let left, let right): ["trait: \(left)", "over: \(right)"]
    }
  }
}

extension Figure {
  fileprivate var yaml: String {
    switch self {
    case .count: "count: true"
    case .sum(let path, let times): "sum: { of: \(path)" + (times.map { ", times: \($0)" } ?? "") + " }"
    case .average(let path): "average: { of: \(path) }"
    case .min(let path): "min: { of: \(path) }"
    case .max(let path): "max: { of: \(path) }"
    case .distinct(let path): "distinct: { of: \(path) }"
    case .favorite(let path): "favorite: { of: \(path) }"
    case .firstAt: "first_at: true"
    case .lastAt: "last_at: true"
    case .first(let path): "first: { of: \(path) }"
    case .last(let path): "last: { of: \(path) }"
    }
  }
}

extension Condition {
  /// The condition in block style, each line indented.
  fileprivate func yaml(indent: String) -> String {
    switch self {
    case .all(let parts): indent + "all:\n" + Self.list(parts, indent)
    case .any(let parts): indent + "any:\n" + Self.list(parts, indent)
    case .not(let part): indent + "not:\n" + part.yaml(indent: indent + "  ")
    case .event(let leaf): leaf.entries.map { indent + $0 + "\n" }.joined()
    case .trait(let name, let test): indent + "trait: \(name)\n" + indent + test.yaml + "\n"
    case .audience(let key): indent + "audience: \(key)\n"
    }
  }

  private static func list(_ parts: [Condition], _ indent: String) -> String {
    parts.map { part in
      let text = part.yaml(indent: indent + "    ")
      return indent + "  - " + text.dropFirst(indent.utf8.count + 4)
    }.joined()
  }
}

extension TraitTest {
  fileprivate var yaml: String {
    switch self {
    case .is(let predicate): "is: \(predicate.yaml)"
    case .ago(let window): "ago: { \(window.yaml) }"
    case .ahead(let window): "ahead: { \(window.yaml) }"
    }
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
    if let gap { entries.append("gap: \(gap.yaml)") }
    entries += follows.map(\.yaml)
    if let pick { entries.append("pick: \(pick.rawValue)") }
    if !having.isEmpty { entries.append("having: \(having.yaml)") }
    if let window { entries.append(window.yaml) }
    if let measure { entries.append(measure.yaml) }
    if let by { entries.append("by: \(by)") }
    return entries
  }
}

extension Window {
  fileprivate var yaml: String {
    switch self {
    case .within(let end): "within: \(end.yaml)"
    case .between(let start, let end): "between: [\(start.yaml), \(end.yaml)]"
    }
  }
}

extension Following {
  fileprivate var yaml: String {
    var entries = ["event: \(event)"]
    if !filter.isEmpty { entries.append("where: \(filter.yaml)") }
    if let same { entries.append("same: \(same)") }
    if let within { entries.append("within: \(within.yaml)") }
    entries += follows.map(\.yaml)
    return (isWanted ? "followed_by" : "not_followed_by") + ": { " + entries.joined(separator: ", ") + " }"
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
    case .average(let path, let wanted): "average: { of: \(path), is: \(wanted.yaml) }"
    case .distinct(let path, let wanted): "distinct: { of: \(path), is: \(wanted.yaml) }"
    case .favorite(let path, let wanted): "favorite: { of: \(path), is: \(wanted.yaml) }"
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
    let known = traits.map { KnownProperty($0.name, $0.type) }
    return "events:\n" + lines.joined() + "traits: \(PropertyType.object(known).yaml)\n"
  }
}

extension PropertyType {
  fileprivate var yaml: String {
    switch self {
    case .string: "string"
    case .number: "number"
    case .boolean: "boolean"
    case .time: "time"
    case .list(let item): "[\(item.yaml)]"
    case .object(let properties):
      "{ " + properties.map { "\($0.name): \($0.type.yaml)" }.joined(separator: ", ") + " }"
    }
  }
}

private func flowList(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }
