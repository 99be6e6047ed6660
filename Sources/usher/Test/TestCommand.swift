import Audiences
import Events
import Pipeline
import YAML

/// Runs the known profiles of a project folder.
struct TestCommand {
  /// The project folder.
  let folder: String
  /// The audiences whose files are run; all where there are none.
  var keys: [String] = []

  /// What came of them. Mistakes in the files are a failure that tells all of them.
  func run() throws(Failure) -> TestReport {
    let project = try Project.load(folder)
    let (files, diagnostics) = project.readExamples(folder: folder)
    let errors = diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else {
      throw Failure(
        message: "the tests in \(folder) have \(Figures.counted(errors.count, "error"))\n"
          + errors.map(\.description).joined(separator: "\n"))
    }
    let chosen = try choose(files, project)
    let started = Progress.nowMs()
    var runner = ExampleRunner(project)
    let outcomes = chosen.map { file in
      TestReport.File(path: file.path, key: file.key, outcomes: file.profiles.map { runner.run($0) })
    }
    let isMeant = Set(chosen.map(\.path))
    return TestReport(
      files: outcomes, warnings: diagnostics.filter { isMeant.contains($0.file) }, ms: Progress.nowMs() - started)
  }

  private func choose(_ files: [ExampleFile], _ project: Project) throws(Failure) -> [ExampleFile] {
    guard !files.isEmpty else {
      throw Failure(
        message: "there are no tests in \(folder)/ops/audiences",
        advice: "a file KEY\(Project.exampleSuffix) holds those of the audience KEY")
    }
    let known = Set(files.map(\.key))
    for key in keys where !known.contains(key) { throw Self.missing(key, files, project) }
    return keys.isEmpty ? files : files.filter { keys.contains($0.key) }
  }

  private static func missing(_ key: String, _ files: [ExampleFile], _ project: Project) -> Failure {
    let audiences = project.audiences.map(\.key)
    guard !audiences.contains(key) else {
      return Failure(
        message: "the audience \(Quoted.of(key)) has no tests",
        advice: "write them to ops/audiences/\(key)\(Project.exampleSuffix)")
    }
    let nearest = NearestWord.of(key, among: audiences + files.map(\.key))
    return Failure(
      message: "there is no audience \(Quoted.of(key))",
      advice: nearest.map { "did you mean \(Quoted.of($0))?" } ?? "'usher describe' tells the audiences that there are")
  }
}
