import Audiences
import Events

extension Verb {
  /// Reads the project's definitions and tells all that is wrong with them.
  static let check = Verb(CheckOptions.declaration, run: runCheck)
}

/// What `usher check` takes.
enum CheckOptions {
  static let strict = Option.flag("strict", "warnings fail too")
  static let explain = Option<String?>.text(
    "explain", "CODE", "tell what a code means and what to do, and check nothing")
  static let lock = Option.flag("lock", "write \(AudienceLock.path): what each audience's logic is under its version")
  static let force = Option<String?>.text(
    "force", "REASON", "with --lock: accept changes while people are held out, and write down why")
  static let format = Option.choice(
    "format", CheckFormat.allCases.map(\.rawValue), default: CheckFormat.text.rawValue,
    "text for people, JSON for programs, SARIF for pull requests")
  static let json = Option.flag("json", "the same as --format json")

  static let declaration = VerbDeclaration(
    name: "check", summary: "all errors and warnings of definitions, policy and taxonomy",
    details: [
      "Reads topics/taxonomy.yaml, ops/policy.yaml, ops/traits.yaml and ops/audiences/*.yaml, and tells every mistake "
        + "of every file in one go: where it is, what was expected, and the nearest right word. Where there is none, "
        + "warnings tell what is likely not meant, each with a code; 'allow: [U001]' in an audience's file keeps one "
        + "silent there.",
      "Where \(AudienceLock.path) exists, changed logic under an unchanged version is an error, and so is a change "
        + "while people are held out.",
      "Exit 0 where there is no error, 1 where there is one; with --strict, a warning is enough.",
    ],
    options: [
      Settings.project.declaration, strict.declaration, explain.declaration, lock.declaration, force.declaration,
      format.declaration, json.declaration,
    ],
    examples: [
      "usher check", "usher check --explain U001", "usher check --lock",
      "usher check --project shop --strict --format sarif > check.sarif",
    ])
}

/// How findings are told.
enum CheckFormat: String, CaseIterable {
  case text, json, sarif
}

@Sendable private func runCheck(_ arguments: Arguments) throws(Failure) -> Int32 {
  if let code = arguments[CheckOptions.explain] {
    Terminal.output.write(try CodeWords.of(code, width: Help.width(of: .output)))
    return 0
  }
  let reason = arguments[CheckOptions.force]
  guard reason == nil || arguments[CheckOptions.lock] else {
    throw Failure(
      message: "--force is there without --lock", advice: "usher check --lock --force REASON", exitCode: 2)
  }
  let folder = arguments[Settings.project]
  let command = CheckCommand(
    folder: folder, now: WallInstant.now, writesLock: arguments[CheckOptions.lock], reason: reason)
  let report = try command.run()
  let format = arguments[CheckOptions.json] ? .json : CheckFormat(rawValue: arguments[CheckOptions.format]) ?? .text
  switch format {
  case .text: Terminal.output.write(report.text(on: .output))
  case .json: Terminal.output.write(report.json)
  case .sarif: Terminal.output.write(SARIFReport(report.diagnostics, below: folder).text)
  }
  return report.exitCode(strict: arguments[CheckOptions.strict])
}
