// The command line's frame: words in, exit code out.
//
// A verb declares its name, operands and options once (`Verb`, `Option`); reading (`Arguments`), help (`Help`),
// completions (`Completions`) and the nearest right word all come from that declaration. Connection settings come from
// the project's file, the environment and options (`Settings`). The frame knows no verb but `help` and `completions`:
// the others are named in one list, `Verb.all`, and know nothing of each other.

import YAML

/// What a command comes down to.
enum Decision: Sendable {
  /// Say this on standard output: exit 0.
  case say(String)
  /// Say this on standard error: exit 2.
  case refuse(String)
  /// Do this.
  case run(Verb, Arguments)
}

/// Finds out what is wanted, and does it.
struct Dispatch: Sendable {
  /// The verbs there are.
  let verbs: [Verb]
  /// How wide help may be, in characters.
  var width = 80

  /// Decides on the words after `usher`, without doing anything.
  func decision(on words: [String]) -> Decision {
    guard let first = words.first else { return .refuse(Help.overview(of: verbs, width: width)) }
    switch first {
    case "--help", "-h": return .say(Help.overview(of: verbs, width: width))
    case "--version": return .say("usher \(Version.text)\n")
    default: break
    }
    guard let verb = verb(named: first) else {
      return .refuse(refusal(unknown(first)))
    }
    let rest = words.dropFirst()
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      return .say(Help.text(of: verb.declaration, width: width))
    }
    do throws(UsageError) {
      return .run(verb, try Arguments(rest, for: verb.declaration))
    } catch {
      return .refuse(refusal(error))
    }
  }

  /// Does what the words say, and tells the exit code: 0 done, 1 the work failed or a check found errors, 2 wrong usage.
  func run(_ words: [String], output: Terminal = .output, error: Terminal = .error) -> Int32 {
    switch decision(on: words) {
    case .say(let text):
      output.write(text)
      return 0
    case .refuse(let text):
      error.write(text)
      return 2
    case .run(let verb, let arguments):
      do throws(Failure) {
        return try verb.run(arguments)
      } catch let failure {
        error.write("\(error.styled("usher \(verb.declaration.name)", .bold)): \(failure.message)\n")
        if let advice = failure.advice { error.write("  \(advice)\n") }
        return failure.exitCode
      }
    }
  }

  /// The verb of that name.
  func verb(named name: String) -> Verb? {
    verbs.first { $0.declaration.name == name }
  }

  /// What is to be said of a word that is no verb.
  func unknown(_ word: String) -> UsageError {
    let isOption = word.hasPrefix("-")
    let candidates = isOption ? ["--help", "--version"] : verbs.map(\.declaration.name)
    return UsageError(
      message: isOption ? "there is no option \(word)" : "there is no verb '\(word)'",
      suggestion: NearestWord.of(word, among: candidates))
  }

  private func refusal(_ error: UsageError) -> String {
    var text = "usher: \(error.message)\n"
    if let word = error.suggestion { text += "  Did you mean '\(word)'?\n" }
    return text + "  'usher \(error.verb.map { "help \($0)" } ?? "help")' tells what there is.\n"
  }
}
