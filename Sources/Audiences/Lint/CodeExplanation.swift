public import YAML

/// What a code means: why it matters, and what to do about it.
public struct CodeExplanation: Sendable, Hashable {
  /// The code: `U001`.
  public let code: String
  /// How bad what it tells is.
  public let severity: Diagnostic.Severity
  /// What it is about, in a few words.
  public let title: String
  /// Why it matters and what to do, in paragraphs divided by empty lines.
  public let text: String

  /// An explanation of a code.
  public init(code: String, severity: Diagnostic.Severity = .warning, title: String, text: String) {
    self.code = code
    self.severity = severity
    self.title = title
    self.text = text
  }

  /// Every code that `usher check` may tell, in order.
  public static let all: [CodeExplanation] = LintRule.all.map(\.explanation) + LockRule.all
}
