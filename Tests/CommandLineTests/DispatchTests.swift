import Testing

@testable import usher

struct DispatchTests {
  private let dispatch = Dispatch(verbs: Verb.all)

  private func said(_ words: String...) -> String? {
    if case .say(let text) = dispatch.decision(on: words) { text } else { nil }
  }

  private func refused(_ words: String...) -> String? {
    if case .refuse(let text) = dispatch.decision(on: words) { text } else { nil }
  }

  @Test func theOverviewNamesEveryVerb() throws {
    let text = try #require(said("--help"))
    for verb in Verb.all {
      #expect(text.contains("  \(verb.declaration.name) "))
      #expect(text.contains(verb.declaration.summary.split(separator: " ")[0]))
    }
  }

  @Test(arguments: Verb.all.map(\.declaration.name))
  func theHelpOfAVerbTellsAllItTakes(name: String) throws {
    let verb = try #require(dispatch.verb(named: name)).declaration
    let text = try #require(said(name, "--help"))
    #expect(text.contains("Usage: usher \(name)"))
    for option in verb.options { #expect(text.contains("--\(option.name)"), "\(name) says nothing of \(option.name)") }
    for operand in verb.operands { #expect(text.contains(operand.placeholder)) }
    for line in text.split(separator: "\n") where !line.hasPrefix("  usher") {
      #expect(line.count <= 80, "too wide: \(line)")
    }
  }

  @Test(arguments: Verb.all.map(\.declaration))
  func aVerbDeclaresWellFormedOptionsOnce(verb: VerbDeclaration) {
    #expect(Set(verb.options.map(\.name)).count == verb.options.count)
    for option in verb.options {
      #expect(!option.help.hasSuffix("."), "\(verb.name) --\(option.name)")
      #expect((option.kind == .flag) == option.placeholder.isEmpty, "\(verb.name) --\(option.name)")
    }
    let optional = verb.operands.drop { $0.isRequired }
    #expect(optional.allSatisfy { !$0.isRequired }, "an operand that may be left out stands before one that may not")
  }

  @Test func verbsHaveNamesOfTheirOwn() {
    #expect(Set(Verb.all.map(\.declaration.name)).count == Verb.all.count)
  }

  @Test func helpAfterAVerbWinsOverWhatIsWrong() {
    #expect(said("generate", "--evnts", "5", "--help") != nil)
    #expect(said("generate", "-h") != nil)
  }

  @Test func theVersionIsTold() {
    #expect(said("--version") == "usher \(Version.text)\n")
  }

  @Test(arguments: [("generat", "generate"), ("topic", "topics"), ("hepl", "help")])
  func anUnknownVerbNamesTheNearest(word: String, nearest: String) throws {
    let text = try #require(refused(word))
    #expect(text.contains("there is no verb '\(word)'"))
    #expect(text.contains("Did you mean '\(nearest)'?"))
  }

  @Test func aWordFarFromEverythingGetsNoSuggestion() throws {
    #expect(try #require(refused("zzzzzzzz")).contains("Did you mean") == false)
  }

  @Test func anUnknownOptionNamesTheNearestAndTheHelp() throws {
    let text = try #require(refused("generate", "--evnts", "5"))
    #expect(text.contains("Did you mean '--events'?"))
    #expect(text.contains("usher help generate"))
  }

  @Test func wrongUsageExitsWith2AndSaysSoOnTheErrorStreamAlone() throws {
    let output = try Recorder()
    let error = try Recorder()
    #expect(dispatch.run(["generat"], output: output.terminal, error: error.terminal) == 2)
    #expect(dispatch.run([], output: output.terminal, error: error.terminal) == 2)
    #expect(output.said.isEmpty)
    #expect(error.said.contains("Usage: usher VERB"))
  }

  @Test func helpExitsWith0AndSpeaksOnTheOutputStreamAlone() throws {
    let output = try Recorder()
    let error = try Recorder()
    #expect(dispatch.run(["--help"], output: output.terminal, error: error.terminal) == 0)
    #expect(output.said.contains("Verbs:"))
    #expect(error.said.isEmpty)
  }

  @Test func aFailureExitsWith1AndTellsWhatToDo() throws {
    let failing = Verb(VerbDeclaration(name: "fall", summary: "fall")) { _ throws(Failure) in
      throw Failure(message: "the floor is gone", advice: "Mind the gap.")
    }
    let error = try Recorder()
    #expect(Dispatch(verbs: [failing]).run(["fall"], error: error.terminal) == 1)
    #expect(error.said == "usher fall: the floor is gone\n  Mind the gap.\n")
  }

  @Test func aVerbSaysItsOwnExitCode() {
    let checking = Verb(VerbDeclaration(name: "check", summary: "check")) { _ throws(Failure) in 1 }
    #expect(Dispatch(verbs: [checking]).run(["check"]) == 1)
  }

  @Test func longHelpIsWrappedAtSpaces() {
    #expect(Help.words("one two three four", width: 9) == ["one two", "three", "four"])
    #expect(Help.words("unbreakable", width: 4) == ["unbreakable"])
  }
}
