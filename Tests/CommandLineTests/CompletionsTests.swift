import Foundation
import Testing

@testable import usher

struct CompletionsTests {
  /// What bash would offer after these words, the last of which is being typed.
  private func offered(_ words: String...) throws -> Set<String> {
    let list = words.map { "'\($0)'" }.joined(separator: " ")
    let script =
      Completions.bash(Verb.all) + """
        COMP_WORDS=(usher \(list)); COMP_CWORD=\(words.count)
        _usher
        printf '%s\\n' "${COMPREPLY[@]}"
        """
    let bash = Process()
    bash.executableURL = URL(fileURLWithPath: "/bin/bash")
    bash.arguments = ["--norc", "-c", script]
    let pipe = Pipe()
    bash.standardOutput = pipe
    try bash.run()
    let said = pipe.fileHandleForReading.readDataToEndOfFile()
    bash.waitUntilExit()
    #expect(bash.terminationStatus == 0)
    return Set(String(decoding: said, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  @Test func bashCompletesVerbs() throws {
    #expect(try offered("gen") == ["generate"])
    #expect(try offered("").isSuperset(of: Verb.all.map(\.declaration.name)))
  }

  @Test func bashCompletesTheOptionsOfAVerb() throws {
    #expect(try offered("generate", "--e") == ["--events"])
    #expect(try offered("topics", "--") == Set(TopicsOptions.declaration.options.map { "--\($0.name)" } + ["--help"]))
  }

  @Test func bashCompletesWordsToChooseFrom() throws {
    #expect(try offered("topics", "a") == ["apply"])
    #expect(try offered("completions", "z") == ["zsh"])
  }

  @Test func bashCompletesPathsAfterAnOptionThatWantsOne() throws {
    let folder = try ScratchFolder()
    try folder.write("", to: "events.ndjson")
    #expect(try offered("generate", "--out", "\(folder.path)/ev") == ["\(folder.path)/events.ndjson"])
  }

  @Test func zshKnowsEveryVerbAndOption() {
    let script = Completions.zsh(Verb.all)
    for verb in Verb.all.map(\.declaration) {
      #expect(script.contains("'\(verb.name):"))
      for option in verb.options { #expect(script.contains("--\(option.name)"), "\(verb.name) --\(option.name)") }
    }
    #expect(script.contains("'1:apply|check:(apply check)'"))
  }
}
