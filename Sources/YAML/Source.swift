/// A text and its name: what diagnostics quote from.
public struct Source: Sendable {
  /// The name shown in messages, usually a path below the project's folder.
  public let file: String
  private let lines: [Substring]

  /// A text under a name.
  public init(file: String, text: String) {
    self.file = file
    // Swift takes "\r\n" for one character, so all three ends of a line are cut here.
    lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
  }

  /// The text of a line, from 1; empty beyond the end.
  public func line(_ number: Int) -> Substring {
    lines.indices.contains(number - 1) ? lines[number - 1] : ""
  }

  /// An error at a place of this text.
  public func error(
    at place: Place, _ message: String, expected: String? = nil, suggestion: String? = nil, code: String? = nil
  ) -> Diagnostic {
    diagnostic(.error, at: place, message, expected: expected, suggestion: suggestion, code: code)
  }

  /// A warning at a place of this text.
  public func warning(
    at place: Place, _ message: String, expected: String? = nil, suggestion: String? = nil, code: String? = nil
  ) -> Diagnostic {
    diagnostic(.warning, at: place, message, expected: expected, suggestion: suggestion, code: code)
  }

  private func diagnostic(
    _ severity: Diagnostic.Severity, at place: Place, _ message: String, expected: String?, suggestion: String?,
    code: String?
  ) -> Diagnostic {
    let text = line(place.start.line)
    return Diagnostic(
      severity: severity, file: file, line: place.start.line, column: place.start.column,
      length: length(of: place, in: text), message: message, expected: expected, suggestion: suggestion, code: code,
      sourceLine: Excerpt.shortened(text, around: place.start.column))
  }

  /// How many characters of its first line a place covers: one that goes on is marked to the end of that line.
  private func length(of place: Place, in text: Substring) -> Int {
    guard place.start.line != place.end.line else { return max(1, place.end.column - place.start.column) }
    var scalars = text.unicodeScalars
    while let last = scalars.last, last == " " || last == "\t" { scalars.removeLast() }
    return max(1, scalars.count - place.start.column + 1)
  }

  /// The place of the byte at an offset of the text in UTF-8.
  func place(ofByte offset: Int) -> Place {
    var rest = offset
    for (index, line) in lines.enumerated() {
      let count = line.utf8.count + 1
      if rest < count || index == lines.count - 1 {
        let before = line.utf8.prefix(max(0, rest))
        let column = String(decoding: before, as: UTF8.self).unicodeScalars.count + 1
        return Place(at: Position(line: index + 1, column: column))
      }
      rest -= count
    }
    return .start
  }

  /// The end of the last line before a place that is not empty; the place itself where all before it are.
  func lastWords(before place: Place) -> Place {
    for number in stride(from: min(place.start.line, lines.count), to: 0, by: -1) {
      let scalars = line(number).unicodeScalars
      guard let last = scalars.lastIndex(where: { $0 != " " && $0 != "\t" }) else { continue }
      let column = scalars.distance(from: scalars.startIndex, to: last) + 1
      return Place(at: Position(line: number, column: column))
    }
    return place
  }

  /// The offset of the first byte that is not UTF-8, counted in the text that decoding makes of it up to there.
  static func firstInvalidByte(of bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
    return offset
  }
}
