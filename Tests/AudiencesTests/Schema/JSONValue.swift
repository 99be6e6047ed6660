import YAML

/// A value as JSON knows it, made of a YAML file by the core schema: what an editor's schema looks at.
enum JSONValue: Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(_ node: Node) {
    switch node.content {
    case .sequence(let nodes): self = .array(nodes.map { JSONValue($0) })
    case .mapping(let entries):
      self = .object(Dictionary(entries.map { ($0.key, JSONValue($0.value)) }) { first, _ in first })
    case .scalar(let scalar):
      switch scalar.coreType {
      case .null: self = .null
      case .bool: self = .bool(scalar.bool ?? false)
      case .string: self = .string(scalar.text)
      case .integer: self = .number(scalar.integer.map(Double.init) ?? .infinity)
      case .float: self = .number(Double(scalar.text) ?? .infinity)
      }
    }
  }

  /// The elements, where it is an array.
  var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members, where it is an object.
  var members: [String: JSONValue]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The text, where it is a string.
  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The number, where it is one.
  var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }
}
