import Audiences
import Events
import YAML

/// What a check found, for people and for programs.
struct CheckReport {
  /// All findings, by file and place.
  let diagnostics: [Diagnostic]
  /// What else was done, such as a file that was written.
  var note: String?
  private let errors: Int
  private let warnings: Int
  private let audiences: Int
  private let events: Int

  /// A report on a project, and on what else was found.
  init(_ checked: CheckedProject, with others: [Diagnostic] = []) {
    diagnostics = (checked.diagnostics + others).sorted()
    errors = diagnostics.count { $0.severity == .error }
    warnings = diagnostics.count - errors
    audiences = checked.project?.audiences.count ?? 0
    events = checked.project?.taxonomy.events.count ?? 0
  }

  /// 1 where there is an error, or a warning and the check is strict.
  func exitCode(strict: Bool) -> Int32 { errors > 0 || (strict && warnings > 0) ? 1 : 0 }

  /// Each diagnostic with its line of the file, and a last line with the counts.
  func text(on terminal: Terminal) -> String {
    let codes = Set(diagnostics.compactMap(\.code)).sorted()
    let hint = codes.first.map {
      "'usher check --explain \($0)' tells more\(codes.count > 1 ? "; so for each code" : "")\n"
    }
    return diagnostics.map { Self.styled($0, terminal) + "\n\n" }.joined() + summary + "\n" + (hint ?? "")
      + (note.map { $0 + "\n" } ?? "")
  }

  /// One object: the diagnostics and the counts.
  var json: String {
    let list = diagnostics.map { "\n  \($0.json)" }.joined(separator: ",")
    let counts = "\"errors\":\(errors),\"warnings\":\(warnings),\"audiences\":\(audiences),\"events\":\(events)"
    return "{\(counts),\"diagnostics\":[\(list)\(list.isEmpty ? "" : "\n")]}\n"
  }

  private var summary: String {
    if errors > 0 { return "\(Figures.counted(errors, "error")), \(Figures.counted(warnings, "warning"))" }
    let read = "\(Figures.counted(audiences, "audience")) over \(Figures.counted(events, "event"))"
    return "\(read): no errors, " + (warnings == 0 ? "no warnings" : Figures.counted(warnings, "warning"))
  }

  /// The first line in bold with its severity's colour, where colours are welcome.
  private static func styled(_ diagnostic: Diagnostic, _ terminal: Terminal) -> String {
    guard terminal.hasColor else { return diagnostic.description }
    let rest = diagnostic.description.dropFirst(diagnostic.headline.count)
    return terminal.styled(diagnostic.headline, diagnostic.severity == .error ? .red : .yellow) + rest
  }
}
