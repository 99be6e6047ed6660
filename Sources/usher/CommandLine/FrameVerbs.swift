/// The verbs of the frame itself.
extension Verb {
  /// Tells what there is, or more about one verb.
  static let help = Verb(
    VerbDeclaration(
      name: "help", summary: "tell what there is, or more about one verb",
      operands: [Operand(placeholder: "VERB", kind: .text, help: "the verb to tell about", isRequired: false)]),
    run: { arguments throws(Failure) in
      let dispatch = Dispatch(verbs: Verb.all, width: Help.width(of: .output))
      switch dispatch.decision(on: [arguments.operand(0) ?? "--help", "--help"]) {
      case .say(let text): Terminal.output.write(text)
      case .refuse(let text):
        Terminal.error.write(text)
        return 2
      case .run: break
      }
      return 0
    })

  /// Writes a script by which a shell completes Usher's words.
  static let completions = Verb(
    VerbDeclaration(
      name: "completions", summary: "write the script by which a shell completes verbs and options",
      operands: [Operand(placeholder: "bash|zsh", kind: .choice(["bash", "zsh"]), help: "the shell")],
      examples: ["source <(usher completions bash)", "usher completions zsh > ~/.zfunc/_usher"]),
    run: { arguments throws(Failure) in
      let isBash = arguments.operand(0) == "bash"
      Terminal.output.write(isBash ? Completions.bash(Verb.all) : Completions.zsh(Verb.all))
      return 0
    })
}

extension Help {
  /// How wide help is on a terminal: as wide as it is, but never so wide that lines are hard to follow.
  static func width(of terminal: Terminal) -> Int { min(100, max(60, terminal.width)) }
}
