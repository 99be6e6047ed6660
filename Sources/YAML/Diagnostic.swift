/// Something wrong in a file: what, where, what was expected instead, and the nearest right word.
public struct Diagnostic: Sendable, Hashable {
  /// How bad it is.
  public enum Severity: String, Sendable, Hashable {
    /// The file cannot be used.
    case error
    /// It can, and is likely not what was meant.
    case warning
  }

  /// How bad it is.
  public let severity: Severity
  /// The file's name.
  public let file: String
  /// The line, from 1.
  public let line: Int
  /// The column of the first character, from 1.
  public let column: Int
  /// How many characters are meant, at least 1.
  public let length: Int
  /// What is wrong, in one sentence without a full stop.
  public let message: String
  /// What was expected, to stand after the word "expected".
  public let expected: String?
  /// The nearest right word.
  public let suggestion: String?
  /// A code to look it up by, or to allow it by.
  public let code: String?
  /// The line it is on, or the part of a long line around it, with nothing in it that a terminal would obey.
  public let sourceLine: Excerpt

  /// A diagnostic. Usually made by `Source.error` or `Source.warning`.
  public init(
    severity: Severity, file: String, line: Int, column: Int, length: Int, message: String, expected: String? = nil,
    suggestion: String? = nil, code: String? = nil, sourceLine: Excerpt
  ) {
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.length = length
    self.message = message
    self.expected = expected
    self.suggestion = suggestion
    self.code = code
    self.sourceLine = sourceLine
  }
}

extension Diagnostic {
  /// The same, without the line it is on.
  var withoutLine: Diagnostic {
    Diagnostic(
      severity: severity, file: file, line: line, column: column, length: 1, message: message, expected: expected,
      suggestion: suggestion, code: code, sourceLine: Excerpt(text: "", cutAtFront: 0))
  }
}

extension Diagnostic: Comparable {
  /// By file, then by place: the order in which a person goes through them.
  public static func < (left: Diagnostic, right: Diagnostic) -> Bool {
    (left.file, left.line, left.column, left.message) < (right.file, right.line, right.column, right.message)
  }
}

extension Sequence<Diagnostic> {
  /// Whether one of them is an error.
  public var hasErrors: Bool { contains { $0.severity == .error } }
}
