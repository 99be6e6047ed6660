extension SyntaxError {
  /// What libyaml says, in words for those who do not know how a parser works.
  func diagnostic(in source: Source) -> Diagnostic {
    var place: Place =
      switch spot {
      case .position(let position): Place(at: position)
      case .byte(let offset): source.place(ofByte: offset)
      }
    // At the end of the file there is nothing to show: what was left open is shown instead, or the last words.
    if source.line(place.start.line).isEmpty, let begun { place = Place(at: begun) }
    if source.line(place.start.line).isEmpty { place = source.lastWords(before: place) }
    if let plain = Self.tabDiagnostic(at: place, in: source) { return plain }
    if let known = Self.known.first(where: { $0.problem == problem }) {
      return source.error(at: place, known.message, expected: known.expected)
    }
    let message = context.isEmpty ? problem : "\(context), \(problem)"
    return source.error(at: place, "this is not YAML: \(message)")
  }

  /// A tab that indents is the commonest of all, and hard to see.
  private static func tabDiagnostic(at place: Place, in source: Source) -> Diagnostic? {
    let line = source.line(place.start.line).unicodeScalars
    guard let tab = line.prefix(while: { $0 == " " || $0 == "\t" }).firstIndex(of: "\t") else { return nil }
    let column = line.distance(from: line.startIndex, to: tab) + 1
    let spot = Place(at: Position(line: place.start.line, column: column))
    return source.error(at: spot, "a tab stands in the indentation", expected: "spaces")
  }

  private static let known: [(problem: String, message: String, expected: String)] = [
    (
      "mapping values are not allowed in this context", "a ':' stands where no value may begin",
      "one 'key: value' on a line; text that holds ': ' in quotes"
    ),
    (
      "could not find expected ':'", "a key without a ':' before this place", "'key: value'"
    ),
    (
      "did not find expected key", "the indentation or a bracket does not fit here",
      "keys of one mapping in the same column"
    ),
    (
      "did not find expected '-' indicator", "the indentation does not fit the list here",
      "'- ' in the same column for every element"
    ),
    (
      "did not find expected ',' or ']'", "the list in brackets does not end properly", "',' or ']'"
    ),
    (
      "did not find expected ',' or '}'", "the mapping in braces does not end properly", "',' or '}'"
    ),
    (
      "found unexpected end of stream", "a quote is not closed before the end of the file", "the closing quote"
    ),
    (
      "did not find expected node content", "a value is missing, or a bracket is not closed", "a value, ']' or '}'"
    ),
    (
      "found character that cannot start any token", "this character cannot begin a value", "text in quotes"
    ),
    (
      "control characters are not allowed", "a control character stands here", "text"
    ),
    (
      "did not find expected <document start>", "something is left over after the end of the document",
      "one mapping or list in a file"
    ),
  ]
}
