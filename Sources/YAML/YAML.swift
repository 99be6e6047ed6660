// YAML: text files become trees whose every node knows where it stands.
//
// It wraps libyaml once, and gives what every reader of files needs: `Document` (a tree, read by the YAML 1.2 core
// schema), `Diagnostic` (what is wrong, where, what was expected, the nearest right word) and `NearestWord`.
// It may not know what any file means: no audience, no event, no setting. It reads no file itself and needs no clock.
//
// Files are written by people and come from anywhere, so reading is bounded: bytes, depth and nodes have limits,
// and anchors and aliases (which let a small file grow without end) are refused.

/// How much of a document is read before it is refused.
public struct ReadingLimits: Sendable {
  /// The largest file, in bytes.
  public var bytes: Int
  /// How deep sequences and mappings may lie in each other.
  public var depth: Int
  /// How many scalars, sequences and mappings a file may hold.
  public var nodes: Int

  /// Limits of your own.
  public init(bytes: Int = 1 << 20, depth: Int = 64, nodes: Int = 100_000) {
    self.bytes = bytes
    self.depth = depth
    self.nodes = nodes
  }

  /// 1 MiB, 64 levels, 100,000 nodes: far beyond any definition that a person writes.
  public static let standard = ReadingLimits()
}

/// One file as it was read: its text, its tree, and all that is wrong with it as YAML.
public struct Document: Sendable {
  /// The text and its name, to make diagnostics of.
  public let source: Source
  /// The tree. Nil where the file cannot be read as YAML; an empty file is a null scalar.
  public let root: Node?
  /// The errors found while reading, in the order of the file.
  public let diagnostics: [Diagnostic]

  /// Reads one document. It never throws: what is wrong is in `diagnostics`.
  ///
  /// A duplicate key, an anchor or a tag is an error, and reading goes on (of two equal keys the first is kept).
  /// Broken syntax, an alias, a second document, a limit passed, or a hundred mistakes end it: `root` is then nil.
  public init(bytes: [UInt8], file: String, limits: ReadingLimits = .standard) {
    guard bytes.count <= limits.bytes else {
      let source = Source(file: file, text: "")
      let message = "the file is too large: \(bytes.count) bytes"
      self.init(refused: source, message: message, expected: "at most \(limits.bytes) bytes")
      return
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: content, as: UTF8.self) else {
      let source = Source(file: file, text: String(decoding: content, as: UTF8.self))
      let place = source.place(ofByte: Source.firstInvalidByte(of: content))
      self.init(refused: source, at: place, message: "this is not UTF-8 text", expected: "a file saved as UTF-8")
      return
    }
    let source = Source(file: file, text: text)
    var composer = Composer(bytes: content, source: source, limits: limits)
    let root = composer.compose()
    self.init(source: source, root: root, diagnostics: composer.diagnostics)
  }

  /// Reads one document from text. See `init(bytes:file:limits:)`.
  public init(text: String, file: String, limits: ReadingLimits = .standard) {
    self.init(bytes: Array(text.utf8), file: file, limits: limits)
  }

  private init(refused source: Source, at place: Place = .start, message: String, expected: String) {
    self.init(source: source, root: nil, diagnostics: [source.error(at: place, message, expected: expected)])
  }

  private init(source: Source, root: Node?, diagnostics: [Diagnostic]) {
    self.source = source
    self.root = root
    self.diagnostics = diagnostics
  }
}
