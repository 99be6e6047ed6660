/// All that is wrong with one file's content, gathered while it is read. Reading goes on after each mistake.
///
/// A file with very many mistakes gets the first hundred and a last line that tells how many more there are.
public struct Findings: Sendable {
  /// The text that the findings are about.
  public let source: Source
  private var kept: [Diagnostic]
  private var left = 0
  private var lastPlace = Place.start
  /// How many errors were found so far, those not shown included: to tell whether a part was read without any.
  public private(set) var errorCount: Int

  private static let most = 100

  /// Findings about a document, beginning with what is wrong with it as YAML.
  public init(of document: Document) {
    source = document.source
    kept = Array(document.diagnostics.prefix(Self.most))
    left = document.diagnostics.count - kept.count
    errorCount = document.diagnostics.count
  }

  /// What was found, in the order of the file.
  public var diagnostics: [Diagnostic] {
    guard left > 0 else { return kept.sorted() }
    let rest = source.error(at: lastPlace, "\(left) further mistakes in this file are not shown")
    return kept.sorted() + [rest]
  }

  /// Notes an error.
  public mutating func error(
    at place: Place, _ message: @autoclosure () -> String, expected: @autoclosure () -> String? = nil,
    suggestion: @autoclosure () -> String? = nil
  ) {
    errorCount += 1
    guard hasRoom(place) else { return }
    kept.append(source.error(at: place, message(), expected: expected(), suggestion: suggestion()))
  }

  /// Notes an error in a line that holds something which nobody may see: the line is not shown.
  public mutating func concealedError(at place: Place, _ message: String, expected: String) {
    errorCount += 1
    guard hasRoom(place) else { return }
    kept.append(source.error(at: place, message, expected: expected).withoutLine)
  }

  /// Notes a warning.
  public mutating func warning(
    at place: Place, _ message: @autoclosure () -> String, expected: @autoclosure () -> String? = nil,
    suggestion: @autoclosure () -> String? = nil
  ) {
    guard hasRoom(place) else { return }
    kept.append(source.warning(at: place, message(), expected: expected(), suggestion: suggestion()))
  }

  private mutating func hasRoom(_ place: Place) -> Bool {
    if kept.count < Self.most { return true }
    left += 1
    lastPlace = place
    return false
  }

  /// Notes that a node is not what it should be: `'within' is a list`, or the scalar's own words.
  public mutating func wrong(
    _ node: Node, _ subject: String, expected: @autoclosure () -> String, suggestion: @autoclosure () -> String? = nil
  ) {
    error(at: node.place, "\(subject) is \(Self.shown(node))", expected: expected(), suggestion: suggestion())
  }

  private static func shown(_ node: Node) -> String {
    guard let scalar = node.scalar else {
      let isEmpty = node.mapping?.isEmpty ?? node.sequence?.isEmpty ?? false
      return isEmpty ? "an empty " + node.kindInWords.dropFirst(2) : node.kindInWords
    }
    switch (scalar.coreType, scalar.style) {
    case (.null, _): return "empty"
    case (.string, .quoted): return "the text \(Quoted.of(scalar.text))"
    default: return Quoted.of(scalar.text)
    }
  }
}

extension Findings {
  /// The entries of a mapping whose keys the vocabulary has. Other keys are noted as unknown or not supported yet.
  ///
  /// - Parameter subject: what it is, as it begins a message: `'sum'`, `an audience`.
  /// - Returns: `nil`, noted, where the node is no mapping.
  public mutating func entries(_ node: Node, _ subject: String, of vocabulary: Vocabulary) -> [Entry]? {
    guard let entries = node.mapping else {
      wrong(node, subject, expected: "a mapping with \(vocabulary.inWords)")
      return nil
    }
    return entries.filter { entry in
      if vocabulary.words.contains(entry.key) { return true }
      if vocabulary.later.contains(entry.key) {
        notSupported(entry.key, at: entry.keyPlace)
      } else {
        error(
          at: entry.keyPlace, "unknown key \(Quoted.of(entry.key))", expected: vocabulary.inWords,
          suggestion: vocabulary.nearest(to: entry.key))
      }
      return false
    }
  }

  /// Whether a mapping has a key that is likely meant to be this one, so that its absence needs no words of its own.
  public func holdsSlip(for key: String, _ node: Node, of vocabulary: Vocabulary) -> Bool {
    (node.mapping ?? []).contains { !vocabulary.words.contains($0.key) && vocabulary.nearest(to: $0.key) == key }
  }

  /// Notes something of the language that this version does not read yet.
  public mutating func notSupported(_ word: String, at place: Place) {
    error(
      at: place, "not supported yet: \(Quoted.of(word))", expected: "a definition without it, until a later version")
  }

  /// A text that is not empty. Numbers and truth values must be in quotes to be texts.
  public mutating func text(_ node: Node, _ subject: String, expected: String = "text") -> String? {
    guard let scalar = node.scalar, scalar.coreType == .string else {
      let isValue = node.scalar.map { $0.coreType != .null } ?? false
      wrong(node, subject, expected: isValue ? "\(expected) (in quotes where it looks like a number)" : expected)
      return nil
    }
    guard scalar.text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      wrong(node, subject, expected: expected)
      return nil
    }
    return scalar.text
  }

  /// One of some words.
  public mutating func choice(_ node: Node, _ subject: String, among vocabulary: Vocabulary) -> String? {
    if let scalar = node.scalar, vocabulary.words.contains(scalar.text) { return scalar.text }
    let word = node.scalar?.text ?? ""
    wrong(node, subject, expected: vocabulary.inWords, suggestion: vocabulary.nearest(to: word))
    return nil
  }

  /// `true` or `false`.
  public mutating func bool(_ node: Node, _ subject: String) -> Bool? {
    if let value = node.scalar?.bool { return value }
    let meant = ["yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"]
    let words = Vocabulary(["true", "false"], meant: meant)
    wrong(node, subject, expected: "true or false", suggestion: words.nearest(to: node.scalar?.text ?? ""))
    return nil
  }

  /// A whole number from 1 on.
  public mutating func positiveInteger(_ node: Node, _ subject: String) -> Int? {
    if let value = node.scalar?.integer, value > 0 { return Int(value) }
    wrong(node, subject, expected: "a whole number from 1 on")
    return nil
  }

  /// The elements of a list that is not empty.
  public mutating func elements(_ node: Node, _ subject: String, expected: String) -> [Node]? {
    guard let elements = node.sequence else {
      wrong(node, subject, expected: expected)
      return nil
    }
    guard !elements.isEmpty else {
      wrong(node, subject, expected: expected)
      return nil
    }
    return elements
  }
}
