/// A node of a document's tree: a scalar, a sequence or a mapping, and where it stands.
public struct Node: Sendable {
  /// What a node is.
  public enum Content: Sendable {
    /// A single value.
    case scalar(Scalar)
    /// A list.
    case sequence([Node])
    /// Keys and values, in the order of the file; no key comes twice.
    case mapping([Entry])
  }

  /// What it is.
  public let content: Content
  /// Where it stands. A block sequence or mapping ends where the next thing begins.
  public let place: Place

  /// A node, for those who build trees themselves.
  public init(_ content: Content, at place: Place) {
    self.content = content
    self.place = place
  }

  /// The scalar, where it is one.
  public var scalar: Scalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  /// The elements, where it is a sequence.
  public var sequence: [Node]? {
    if case .sequence(let nodes) = content { nodes } else { nil }
  }

  /// The entries, where it is a mapping.
  public var mapping: [Entry]? {
    if case .mapping(let entries) = content { entries } else { nil }
  }

  /// The value of a key, where it is a mapping that has it.
  public subscript(key: String) -> Node? {
    mapping?.first { $0.key == key }?.value
  }

  /// What it is in words, for messages: `a number`, `text`, `a list`, `a mapping`, …
  public var kindInWords: String {
    switch content {
    case .scalar(let scalar): scalar.coreType.inWords
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// A key and its value.
public struct Entry: Sendable {
  /// The key's text.
  public let key: String
  /// Where the key stands.
  public let keyPlace: Place
  /// The value.
  public let value: Node

  /// An entry, for those who build trees themselves.
  public init(key: String, at keyPlace: Place, value: Node) {
    self.key = key
    self.keyPlace = keyPlace
    self.value = value
  }
}
