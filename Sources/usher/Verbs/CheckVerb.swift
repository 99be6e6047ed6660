import Audiences
import Events
import YAML

extension Verb {
  /// Reads the project's definitions and tells all that is wrong with them.
  static let check = Verb(CheckOptions.declaration, run: runCheck)
}

/// What `usher check` takes.
enum CheckOptions {
  static let strict = Option.flag("strict", "warnings fail too")
  static let format = Option.choice(
    "format", ["text", "json"], default: "text", "text for people, or JSON for programs")

  static let declaration = VerbDeclaration(
    name: "check", summary: "all errors and warnings of definitions, policy and taxonomy",
    details: [
      "Reads topics/taxonomy.yaml, ops/policy.yaml, ops/traits.yaml and ops/audiences/*.yaml, and tells every mistake "
        + "of every file in one go: where it is, what was expected, and the nearest right word.",
      "Exit 0 where there is no error, 1 where there is one; with --strict, a warning is enough.",
    ],
    options: [Settings.project.declaration, strict.declaration, format.declaration],
    examples: ["usher check", "usher check --project shop --strict --format json"])
}

@Sendable private func runCheck(_ arguments: Arguments) throws(Failure) -> Int32 {
  let (project, diagnostics) = Project.read(folder: arguments[Settings.project])
  let report = CheckReport(project: project, diagnostics: diagnostics)
  if arguments[CheckOptions.format] == "json" {
    Terminal.output.write(report.json)
  } else {
    Terminal.output.write(report.text(on: .output))
  }
  return report.exitCode(strict: arguments[CheckOptions.strict])
}

/// What a check found, for people and for programs.
struct CheckReport {
  private let diagnostics: [Diagnostic]
  private let errors: Int
  private let warnings: Int
  private let audiences: Int
  private let events: Int

  /// A report on what reading a project gave.
  init(project: Project?, diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
    errors = diagnostics.count { $0.severity == .error }
    warnings = diagnostics.count - errors
    audiences = project?.audiences.count ?? 0
    events = project?.taxonomy.events.count ?? 0
  }

  /// 1 where there is an error, or a warning and the check is strict.
  func exitCode(strict: Bool) -> Int32 { errors > 0 || (strict && warnings > 0) ? 1 : 0 }

  /// Each diagnostic with its line of the file, and a last line with the counts.
  func text(on terminal: Terminal) -> String {
    diagnostics.map { Self.styled($0, terminal) + "\n\n" }.joined() + summary + "\n"
  }

  /// One object: the diagnostics and the counts.
  var json: String {
    let list = diagnostics.map { "\n  \($0.json)" }.joined(separator: ",")
    let counts = "\"errors\":\(errors),\"warnings\":\(warnings),\"audiences\":\(audiences),\"events\":\(events)"
    return "{\(counts),\"diagnostics\":[\(list)\(list.isEmpty ? "" : "\n")]}\n"
  }

  private var summary: String {
    if errors > 0 { return "\(Self.count(errors, "error")), \(Self.count(warnings, "warning"))" }
    let read = "\(Self.count(audiences, "audience")) over \(Self.count(events, "event"))"
    return "\(read): no errors, " + (warnings == 0 ? "no warnings" : Self.count(warnings, "warning"))
  }

  private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// The first line in bold with its severity's colour, where colours are welcome.
  private static func styled(_ diagnostic: Diagnostic, _ terminal: Terminal) -> String {
    guard terminal.hasColor else { return diagnostic.description }
    let rest = diagnostic.description.dropFirst(diagnostic.headline.count)
    return terminal.styled(diagnostic.headline, diagnostic.severity == .error ? .red : .yellow) + rest
  }
}
