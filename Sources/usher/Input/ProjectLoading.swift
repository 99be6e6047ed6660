import Audiences
import Events
import YAML

extension Project {
  /// The definitions of a project folder, or a failure that tells every mistake. Warnings are for `usher check`.
  static func load(_ folder: String) throws(Failure) -> Project {
    let (project, diagnostics) = read(folder: folder)
    guard let project, !diagnostics.hasErrors else {
      let errors = diagnostics.filter { $0.severity == .error }.sorted()
      throw Failure(
        message: "the definitions in \(folder) have \(Figures.counted(errors.count, "error"))\n"
          + errors.map(\.description).joined(separator: "\n"),
        advice: "'usher check --project \(folder)' tells these and the warnings")
    }
    return project
  }

  /// The definitions as the engine needs them.
  var plan: Plan { Plan(self) }
}
