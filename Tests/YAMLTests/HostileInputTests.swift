import Testing
import YAML

/// Files made to hurt: they are refused soon, with a sentence.
struct HostileInputTests {
  private static func told(_ text: String, limits: ReadingLimits = .standard) -> [String] {
    Document(text: text, file: "f.yaml", limits: limits).diagnostics.map(\.headline)
  }

  @Test("A file that grows by aliases is refused before it grows")
  func billionLaughs() {
    var text = "a0: &a0 [lol, lol]\n"
    for level in 1..<40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    let document = Document(text: text, file: "f.yaml")
    #expect(document.root == nil)
    #expect(document.diagnostics.last?.message == "aliases (*name) are not read here")
    #expect(document.diagnostics.count <= 3)
  }

  @Test(
    "Ten megabytes of brackets are refused for their size, one megabyte for its depth",
    arguments: ["[", "{", "- ", "? "])
  func brackets(bracket: String) {
    let many = String(repeating: bracket, count: 10_000_000 / bracket.utf8.count)
    #expect(Self.told(many) == ["f.yaml:1:1: error: the file is too large: 10000000 bytes"])
    let fewer = String(repeating: bracket, count: 1_000_000 / bracket.utf8.count)
    #expect(Document(text: fewer, file: "f.yaml").root == nil)
    #expect(Self.told(fewer).count == 1)
  }

  @Test("Depth counts every list and mapping around a value")
  func depth() {
    let limits = ReadingLimits(depth: 4)
    #expect(Self.told("a: [[1]]", limits: limits) == [])
    #expect(Self.told("a: [[[1]]]", limits: limits) == ["f.yaml:1:7: error: this is nested too deep"])
    #expect(Self.told("a:\n  b:\n    c:\n      d: 1\n", limits: limits).count == 1)
  }

  @Test("Very many small values are refused")
  func nodes() {
    let text = "a: [" + String(repeating: "1,", count: 200_000) + "]\n"
    #expect(Self.told(text) == ["f.yaml:1:200001: error: the file holds too much"])
  }

  @Test("Bytes that are not UTF-8 are refused where they stand")
  func notUTF8() {
    let document = Document(bytes: Array("a: 1\nb: é".utf8) + [0xFF, 0x0A], file: "f.yaml")
    #expect(document.root == nil)
    #expect(document.diagnostics.map(\.headline) == ["f.yaml:2:5: error: this is not UTF-8 text"])
    let utf16 = Document(bytes: [0xFF, 0xFE, 0x61, 0x00, 0x3A, 0x00], file: "f.yaml")
    #expect(utf16.diagnostics.map(\.message) == ["this is not UTF-8 text"])
  }

  @Test("Control characters are refused where they stand", arguments: ["\u{0}", "\u{1b}", "\u{7f}"])
  func controlCharacters(character: String) {
    let document = Document(text: "a: 1\nb: x\(character)y\n", file: "f.yaml")
    #expect(document.root == nil)
    #expect(document.diagnostics.map(\.headline) == ["f.yaml:2:5: error: a control character stands here"])
    #expect(document.diagnostics.first?.sourceLine.text == "b: x\u{FFFD}y")
  }

  @Test("A mapping of a hundred thousand equal keys is told in good time")
  func equalKeys() {
    let lines = String(repeating: "a: 1\n", count: 40_000)
    #expect(Self.told(lines).last == "f.yaml:101:1: error: reading ends here, after 100 mistakes")
    let oneLine = "{" + String(repeating: "a: 1, ", count: 40_000) + "}"
    #expect(Self.told(oneLine).count == 101)
  }
}
