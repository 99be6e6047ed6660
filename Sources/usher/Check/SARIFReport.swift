import Audiences
import YAML

/// Findings as SARIF 2.1.0, which code hosts show beside the lines of a pull request.
struct SARIFReport {
  private let diagnostics: [Diagnostic]
  private let folder: String

  /// What findings without a code are reported under.
  private static let uncoded = [
    CodeExplanation(
      code: "error", severity: .error, title: "A mistake in a definition",
      text: "The file cannot be used as it is. The message tells what is wrong and what was expected."),
    CodeExplanation(
      code: "warning", title: "A definition that is likely not what was meant",
      text: "The file can be used. The message tells what it does and what was likely meant."),
  ]
  private static let rules = uncoded + CodeExplanation.all

  /// A report on findings. `folder` is the project folder as it was given: paths are told from where it is.
  init(_ diagnostics: [Diagnostic], below folder: String) {
    self.diagnostics = diagnostics
    self.folder = folder
  }

  /// The whole document.
  var text: String {
    JSONValue.object([
      ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")),
      ("version", .string("2.1.0")),
      ("runs", .array([run])),
    ]).text
  }

  private var run: JSONValue {
    let driver = JSONValue.object([
      ("name", .string("usher check")), ("version", .string(Version.text)), ("rules", .array(Self.rules.map(rule))),
    ])
    return .object([
      ("tool", .object([("driver", driver)])),
      ("columnKind", .string("unicodeCodePoints")),
      ("results", .array(diagnostics.map(result))),
    ])
  }

  private func rule(_ explanation: CodeExplanation) -> JSONValue {
    .object([
      ("id", .string(explanation.code)),
      ("shortDescription", Self.message(explanation.title)),
      ("fullDescription", Self.message(explanation.text)),
      ("help", Self.message(explanation.text)),
      ("defaultConfiguration", .object([("level", .string(explanation.severity.rawValue))])),
    ])
  }

  private func result(_ diagnostic: Diagnostic) -> JSONValue {
    let id = diagnostic.code ?? diagnostic.severity.rawValue
    return .object([
      ("ruleId", .string(id)),
      ("ruleIndex", Self.rules.firstIndex { $0.code == id }.map(JSONValue.integer)),
      ("level", .string(diagnostic.severity.rawValue)),
      ("message", Self.message(Self.words(diagnostic))),
      ("locations", .array([location(diagnostic)])),
    ])
  }

  private func location(_ diagnostic: Diagnostic) -> JSONValue {
    let region = JSONValue.object([
      ("startLine", .integer(diagnostic.line)), ("startColumn", .integer(diagnostic.column)),
      ("endColumn", .integer(diagnostic.column + diagnostic.length)),
    ])
    let artifact = JSONValue.object([("uri", .string(Self.uri(of: diagnostic.file, below: folder)))])
    return .object([("physicalLocation", .object([("artifactLocation", artifact), ("region", region)]))])
  }

  /// What is wrong and what to do, in one text.
  private static func words(_ diagnostic: Diagnostic) -> String {
    var text = diagnostic.message + "."
    if let expected = diagnostic.expected { text += " Expected \(expected)." }
    if let suggestion = diagnostic.suggestion { text += " Did you mean \(Quoted.of(suggestion))?" }
    return text
  }

  private static func message(_ text: String) -> JSONValue { .object([("text", .string(text))]) }

  /// A file's path as a URI: relative where the folder is, so that a code host finds it in the repository.
  static func uri(of file: String, below folder: String) -> String {
    let isAbsolute = folder.hasPrefix("/")
    let parts = (folder + "/" + file).split(separator: "/").filter { $0 != "." }
    let path = parts.map(escaped).joined(separator: "/")
    return isAbsolute ? "file:///\(path)" : path
  }

  /// Percent-encodes all but what RFC 3986 leaves unreserved.
  private static func escaped(_ part: Substring) -> String {
    var text = ""
    for byte in part.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-._~".unicodeScalars.contains(scalar))
      if isPlain {
        text.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return text
  }
}
