import Testing

/// A JSON Schema of draft 2020-12, as far as the project's own schemas go. A keyword that it does not know is a failure:
/// nothing in a schema may be there for show.
struct SchemaValidator {
  private let root: [String: JSONValue]
  private var patterns: [String: Regex<AnyRegexOutput>] = [:]

  init(_ schema: JSONValue) throws {
    root = try #require(schema.members)
    for pattern in Self.patterns(in: schema) { patterns[pattern] = try Regex(pattern) }
  }

  /// All regular expressions, compiled once.
  private static func patterns(in schema: JSONValue) -> Set<String> {
    switch schema {
    case .array(let elements): return elements.reduce(into: []) { $0.formUnion(patterns(in: $1)) }
    case .object(let members):
      return members.reduce(into: []) { found, member in
        if member.key == "pattern", let text = member.value.text { found.insert(text) }
        found.formUnion(patterns(in: member.value))
      }
    default: return []
    }
  }

  /// Whether the schema accepts a value.
  func accepts(_ value: JSONValue) -> Bool { accepts(value, .object(root)) }

  private func accepts(_ value: JSONValue, _ schema: JSONValue) -> Bool {
    if case .bool(let verdict) = schema { return verdict }
    guard let keywords = schema.members else { return false }
    return keywords.allSatisfy { accepts(value, $0.key, $0.value, among: keywords) }
  }

  private func accepts(
    _ value: JSONValue, _ keyword: String, _ operand: JSONValue, among keywords: [String: JSONValue]
  ) -> Bool {
    switch keyword {
    case "$schema", "$defs", "title", "description", "format": return true
    case "$ref": return accepts(value, definition(operand))
    case "type": return (operand.elements ?? [operand]).contains { isOf(value, $0.text) }
    case "const": return value == operand
    case "enum": return operand.elements?.contains(value) ?? false
    case "not": return !accepts(value, operand)
    case "anyOf": return operand.elements?.contains { accepts(value, $0) } ?? false
    case "allOf": return operand.elements?.allSatisfy { accepts(value, $0) } ?? false
    default: break
    }
    switch value {
    case .string(let text): return accepts(text: text, keyword, operand)
    case .number(let number): return accepts(number: number, keyword, operand)
    case .array(let elements): return accepts(elements: elements, keyword, operand)
    case .object(let members): return accepts(members: members, keyword, operand, among: keywords)
    case .null, .bool: return isKnown(keyword)
    }
  }

  private func accepts(text: String, _ keyword: String, _ operand: JSONValue) -> Bool {
    switch keyword {
    case "pattern": return operand.text.flatMap { patterns[$0] }.map { text.firstMatch(of: $0) != nil } ?? false
    case "maxLength": return operand.number.map { Double(text.unicodeScalars.count) <= $0 } ?? false
    default: return isKnown(keyword)
    }
  }

  private func accepts(number: Double, _ keyword: String, _ operand: JSONValue) -> Bool {
    guard let bound = operand.number else { return isKnown(keyword) }
    switch keyword {
    case "minimum": return number >= bound
    case "maximum": return number <= bound
    case "multipleOf": return abs(number / bound - (number / bound).rounded()) < 1e-9
    default: return isKnown(keyword)
    }
  }

  private func accepts(elements: [JSONValue], _ keyword: String, _ operand: JSONValue) -> Bool {
    switch keyword {
    case "items": return elements.allSatisfy { accepts($0, operand) }
    case "minItems": return operand.number.map { Double(elements.count) >= $0 } ?? false
    case "maxItems": return operand.number.map { Double(elements.count) <= $0 } ?? false
    case "uniqueItems":
      return elements.indices.allSatisfy { !elements[..<$0].contains(elements[$0]) } || operand == .bool(false)
    default: return isKnown(keyword)
    }
  }

  private func accepts(
    members: [String: JSONValue], _ keyword: String, _ operand: JSONValue, among keywords: [String: JSONValue]
  ) -> Bool {
    func present(_ needs: (key: String, value: JSONValue)) -> Bool { members[needs.key] != nil }
    switch keyword {
    case "required": return operand.elements?.allSatisfy { members[$0.text ?? ""] != nil } ?? false
    case "minProperties": return operand.number.map { Double(members.count) >= $0 } ?? false
    case "maxProperties": return operand.number.map { Double(members.count) <= $0 } ?? false
    case "propertyNames": return members.keys.allSatisfy { accepts(.string($0), operand) }
    case "properties":
      return operand.members?.allSatisfy { name, schema in members[name].map { accepts($0, schema) } ?? true } ?? false
    case "additionalProperties":
      let named = keywords["properties"]?.members ?? [:]
      return members.allSatisfy { named[$0.key] != nil || accepts($0.value, operand) }
    case "dependentRequired":
      return operand.members?.filter(present).allSatisfy { _, others in
        others.elements?.allSatisfy { members[$0.text ?? ""] != nil } ?? false
      } ?? false
    case "dependentSchemas":
      return operand.members?.filter(present).allSatisfy { accepts(.object(members), $0.value) } ?? false
    default: return isKnown(keyword)
    }
  }

  private func definition(_ reference: JSONValue) -> JSONValue {
    let name = reference.text.flatMap { $0.hasPrefix("#/$defs/") ? String($0.dropFirst(8)) : nil } ?? ""
    guard let definition = root["$defs"]?.members?[name] else {
      Issue.record("no definition '\(name)'")
      return .bool(false)
    }
    return definition
  }

  private func isOf(_ value: JSONValue, _ type: String?) -> Bool {
    switch (value, type) {
    case (.null, "null"), (.bool, "boolean"), (.number, "number"), (.string, "string"), (.array, "array"),
      (.object, "object"):
      true
    case (.number(let number), "integer"): number == number.rounded() && number.isFinite
    default: false
    }
  }

  private static let keywords: Set<String> = [
    "pattern", "maxLength", "minimum", "maximum", "multipleOf", "items", "minItems", "maxItems", "uniqueItems",
    "required", "minProperties", "maxProperties", "propertyNames", "properties", "additionalProperties",
    "dependentRequired", "dependentSchemas",
  ]

  /// A keyword about values of another type says nothing of this one.
  private func isKnown(_ keyword: String) -> Bool {
    if !Self.keywords.contains(keyword) { Issue.record("unknown keyword '\(keyword)'") }
    return true
  }
}
