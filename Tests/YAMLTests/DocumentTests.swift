import Testing
import YAML

/// Trees and places.
struct DocumentTests {
  private static func told(_ text: String) -> [String] {
    Document(text: text, file: "f.yaml").diagnostics.map(\.headline)
  }

  @Test("A tree has its scalars, sequences and mappings in the order of the file")
  func tree() throws {
    let document = Document(text: "a: 1\nb:\n  - x\n  - {c: 'y'}\n", file: "f.yaml")
    #expect(document.diagnostics.isEmpty)
    let root = try #require(document.root)
    #expect(root.mapping?.map(\.key) == ["a", "b"])
    #expect(root["a"]?.scalar == Scalar("1"))
    #expect(root["b"]?.sequence?[0].scalar?.text == "x")
    #expect(root["b"]?.sequence?[1]["c"]?.scalar == Scalar("y", style: .quoted))
    #expect(root["missing"] == nil)
  }

  @Test("Every node knows where it begins and ends, in characters from 1")
  func places() throws {
    let root = try #require(Document(text: "# note\nключ: {b: \"é\"}\nlist:\n- one\n", file: "f.yaml").root)
    let entry = try #require(root.mapping?.first)
    #expect(entry.keyPlace == Place(start: Position(line: 2, column: 1), end: Position(line: 2, column: 5)))
    #expect(entry.value.place == Place(start: Position(line: 2, column: 7), end: Position(line: 2, column: 15)))
    #expect(entry.value["b"]?.place == Place(start: Position(line: 2, column: 11), end: Position(line: 2, column: 14)))
    #expect(root["list"]?.place.start == Position(line: 4, column: 1))
  }

  @Test("A value that is left out is an empty place behind its key")
  func emptyValue() throws {
    let value = try #require(Document(text: "when:\nname: x\n", file: "f.yaml").root?["when"])
    #expect(value.scalar?.coreType == .null)
    #expect(value.place.start == Position(line: 1, column: 6))
  }

  @Test("An empty file, or one of comments alone, is a null", arguments: ["", "\n\n", "# nothing\n", "\u{FEFF}"])
  func emptyFile(text: String) {
    let document = Document(text: text, file: "f.yaml")
    #expect(document.root?.scalar?.coreType == .null)
    #expect(document.diagnostics.isEmpty)
  }

  @Test("A byte order mark and Windows line ends change no place")
  func windows() throws {
    let document = Document(text: "\u{FEFF}a: 1\r\nb: 2\r\nb: 3\r\n", file: "f.yaml")
    #expect(document.diagnostics.map(\.headline) == ["f.yaml:3:1: error: 'b' stands here twice (first in line 2)"])
    #expect(document.diagnostics.first?.sourceLine.text == "b: 3")
    #expect(document.root?.mapping?.first?.keyPlace.start == Position(line: 1, column: 1))
  }

  @Test("Each key comes once: the first is kept, every other is told")
  func duplicates() throws {
    let document = Document(text: "a: 1\n\"a\": 2\nb: {c: 1, c: 2, c: 3}\n", file: "f.yaml")
    #expect(document.root?["a"]?.scalar?.text == "1")
    #expect(document.root?["b"]?.mapping?.count == 1)
    #expect(document.diagnostics.map(\.line) == [2, 3, 3])
  }

  @Test("Anchors, tags and second documents are refused with their place")
  func refused() {
    #expect(Self.told("a: &x 1\nb: &y [1]\n").map { String($0.prefix(10)) } == ["f.yaml:1:4", "f.yaml:2:4"])
    #expect(Self.told("a: *x\n") == ["f.yaml:1:4: error: aliases (*name) are not read here"])
    #expect(Self.told("a: !!str 1\n") == ["f.yaml:1:4: error: tags (!name) are not read here"])
    #expect(Self.told("a: 1\n--- \nb: 2\n") == ["f.yaml:2:1: error: a second document begins here"])
    #expect(Self.told("[a]: 1\n") == ["f.yaml:1:1: error: a list or a mapping cannot be a key"])
    #expect(Document(text: "a: *x\n", file: "f.yaml").root == nil)
  }

  @Test("One document may begin with '---' and end with '...'")
  func markers() {
    #expect(Self.told("---\na: 1\n...\n") == [])
    #expect(Self.told("%YAML 1.2\n---\na: 1\n") == [])
  }

  @Test(
    "Broken syntax is told where it is",
    arguments: [
      ("a: [1, 2\n", 1), ("a: {b: 1\nc: 2", 2), ("a: 'x\nb: 1\n", 1), ("a: b: c\n", 1), ("a:\n\t- b\n", 2),
      ("- a\nb\n", 2), ("a: \"\\q\"\n", 1), ("a: @x\n", 1), ("a: 1\n  b: 2\n", 2), ("]\n", 1), ("a: |x\n  y\n", 1),
    ])
  func broken(text: String, line: Int) {
    let document = Document(text: text, file: "f.yaml")
    #expect(document.root == nil)
    #expect(document.diagnostics.count == 1)
    #expect(document.diagnostics.first?.line == line)
    #expect(document.diagnostics.first?.sourceLine.text.isEmpty == false)
  }
}
