import YAML

extension Verb {
  /// Known profiles, and who of them must be in at which instant.
  static let test = Verb(TestOptions.declaration, run: runTest)
}

/// What `usher test` takes.
enum TestOptions {
  static let junit = Option<String?>.path("junit", "FILE", "also write the outcome as JUnit XML, for build servers")
  static let json = Option.flag("json", "tell the outcome as JSON")

  static let declaration = VerbDeclaration(
    name: "test", summary: "known profiles, their events, and who must be in at which instant",
    details: [
      "Runs ops/audiences/*.test.yaml: each profile's events go through the engine as 'run' would take them, alone and "
        + "without a wall clock, and every expectation is held against what the profile is at that instant.",
      "Where they differ, it tells what was expected and what was found, since when and why, and the conditions one by "
        + "one with the one that decided. Exit 1 where a profile failed.",
    ],
    operands: [
      Operand(
        placeholder: "KEY", kind: .text, help: "only the tests of these audiences", isRequired: false, repeats: true)
    ],
    options: [Settings.project.declaration, junit.declaration, json.declaration],
    examples: ["usher test", "usher test vip checkout-abandoners", "usher test --junit test-results.xml"])
}

@Sendable private func runTest(_ arguments: Arguments) throws(Failure) -> Int32 {
  let command = TestCommand(folder: arguments[Settings.project], keys: arguments.operands.compactMap(\.text))
  let report = try command.run()
  if let path = arguments[TestOptions.junit] {
    do throws(Files.Problem) {
      var output = try OutputFile(path: path)
      try output.add(bytes: Array(JUnitReport(report: report).text.utf8))
      try output.flush()
    } catch {
      throw Failure(error, doing: "write")
    }
  }
  let isJSON = arguments[TestOptions.json]
  if isJSON { Terminal.error.write(report.warnings.map { "\($0)\n\n" }.joined()) }
  Terminal.output.write(isJSON ? report.json.text : report.text(on: .output))
  return report.exitCode
}
