import Testing
import YAML

/// How mistakes are shown.
struct DiagnosticTests {
  private static func error(
    _ text: String, line: Int, columns: Range<Int>, expected: String? = nil, suggestion: String? = nil,
    code: String? = nil
  ) -> Diagnostic {
    let place = Place(
      start: Position(line: line, column: columns.lowerBound), end: Position(line: line, column: columns.upperBound))
    return Source(file: "ops/a.yaml", text: text)
      .error(at: place, "unknown key 'evnt'", expected: expected, suggestion: suggestion, code: code)
  }

  @Test("A diagnostic shows its line, a mark under the place, what was expected and the nearest word")
  func rendering() {
    let error = Self.error(
      "when:\n  evnt: Order\n", line: 2, columns: 3..<7, expected: "one of: event, all", suggestion: "event")
    #expect(
      "\(error)" == """
        ops/a.yaml:2:3: error: unknown key 'evnt'
          2 |   evnt: Order
            |   ^~~~
          expected one of: event, all
          did you mean 'event'?
        """)
  }

  @Test("Tabs before the place stay, so that the mark stands under it")
  func tabs() {
    #expect("\(Self.error("\tx\tevnt: 1", line: 1, columns: 4..<8))".hasSuffix("\n    | \t \t^~~~"))
  }

  @Test("A place that goes on over lines is marked to the end of its first line")
  func manyLines() {
    let place = Place(start: Position(line: 1, column: 4), end: Position(line: 3, column: 1))
    let error = Source(file: "f", text: "a: [1,   \n2]\n").error(at: place, "m")
    #expect(error.length == 3)
    #expect("\(error)".hasSuffix("\n    |    ^~~"))
  }

  @Test("A long line is cut around the place")
  func longLine() {
    let text = String(repeating: "x", count: 5_000) + "evnt" + String(repeating: "y", count: 5_000)
    let lines = "\(Self.error(text, line: 1, columns: 5_001..<5_005))".split(separator: "\n")
    #expect(lines[1].count < 180)
    let mark = lines[2].distance(from: lines[2].startIndex, to: lines[2].firstIndex(of: "^") ?? lines[2].startIndex)
    #expect(lines[1].dropFirst(mark).hasPrefix("evnty"))
  }

  @Test("Nothing in a line or a message is obeyed by a terminal")
  func harmless() {
    let error = Self.error("a: \u{1b}[31m\u{202E}x", line: 1, columns: 4..<5)
    #expect(!error.description.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202E}" })
    #expect(Quoted.of("\u{1b}]0;x\n") == "'\\u{1b}]0;x\\u{a}'")
    #expect(Quoted.of(String(repeating: "x", count: 100)).count == 63)
  }

  @Test("A code stands behind the severity")
  func codes() {
    #expect(
      Self.error("x", line: 1, columns: 1..<2, code: "U001").headline
        == "ops/a.yaml:1:1: error [U001]: unknown key 'evnt'")
  }

  @Test("A place beyond the text is shown without a line")
  func beyond() {
    #expect("\(Self.error("x", line: 9, columns: 1..<2))" == "ops/a.yaml:9:1: error: unknown key 'evnt'")
  }

  @Test("As JSON it is one line with everything in it")
  func json() {
    let error = Source(file: "a\"b\\.yaml", text: "x").warning(
      at: .start, "tab\there\u{1}", expected: "é", suggestion: "s", code: "U002")
    #expect(
      error.json
        == #"{"severity":"warning","file":"a\"b\\.yaml","line":1,"column":1,"length":1,"#
        + #""message":"tab\u0009here\u0001","#
        + #""expected":"é","suggestion":"s","code":"U002"}"#)
  }

  @Test("They are ordered by file, line and column")
  func order() {
    let source = Source(file: "b", text: "")
    let places = [(2, 1), (1, 9), (1, 2)].map { Place(at: Position(line: $0.0, column: $0.1)) }
    let sorted = (places.map { source.error(at: $0, "m") } + [Source(file: "a", text: "").error(at: .start, "m")])
      .sorted()
    #expect(sorted.map { "\($0.file)\($0.line)\($0.column)" } == ["a11", "b12", "b19", "b21"])
  }
}
