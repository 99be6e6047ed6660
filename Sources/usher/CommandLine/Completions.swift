/// Scripts by which a shell completes verbs, options and their words. They are made of the declarations.
enum Completions {
  /// For bash: `source <(usher completions bash)`.
  static func bash(_ verbs: [Verb]) -> String {
    let declarations = verbs.map(\.declaration)
    var cases = ""
    var values = ""
    for verb in declarations {
      cases += "    \(verb.name)) words=\"\(words(of: verb).joined(separator: " "))\" ;;\n"
      for option in verb.options {
        guard let action = bashAction(option.kind) else { continue }
        values += "    \(verb.name):--\(option.name)) \(action); return ;;\n"
      }
    }
    return """
      # Completions of usher for bash, made by: usher completions bash
      _usher() {
        local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" verb="${COMP_WORDS[1]}" words=""
        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "\(declarations.map(\.name).joined(separator: " ")) --help --version" -- "$current"))
          return
        fi
        case "$verb:$previous" in
      \(values)  esac
        case "$verb" in
      \(cases)  esac
        COMPREPLY=($(compgen -W "$words --help" -- "$current"))
      }
      complete -F _usher usher

      """
  }

  /// For zsh: `usher completions zsh > ~/.zfunc/_usher`, or `source <(usher completions zsh)`.
  static func zsh(_ verbs: [Verb]) -> String {
    let declarations = verbs.map(\.declaration)
    let names = declarations.map { "    '\(quoted($0.name)):\(quoted($0.summary))'\n" }.joined()
    var cases = ""
    for verb in declarations {
      var specs = verb.options.map { "      '\(zshSpec($0))'" }
      specs += verb.operands.enumerated().map { place, operand in
        let which = operand.repeats ? "*" : "\(place + 1)"
        return "      '\(which):\(quoted(operand.placeholder)):\(zshAction(operand.kind))'"
      }
      cases += "    \(verb.name))\n      _arguments \\\n"
      cases += (specs + ["      '--help[tell more]'"]).map { "  " + $0 }.joined(separator: " \\\n") + "\n      ;;\n"
    }
    return """
      #compdef usher
      # Completions of usher for zsh, made by: usher completions zsh
      _usher() {
        local -a verbs
        verbs=(
      \(names)  )
        if (( CURRENT == 2 )); then
          _describe 'verb' verbs
          return
        fi
        local verb=$words[2]
        shift words
        (( CURRENT-- ))
        case $verb in
      \(cases)  esac
      }
      if [ "$funcstack[1]" = "_usher" ]; then _usher; else compdef _usher usher; fi

      """
  }

  /// All that may stand after a verb: its options, and the words of its operands.
  private static func words(of verb: VerbDeclaration) -> [String] {
    verb.options.map { "--\($0.name)" } + verb.operands.flatMap { choices($0.kind) }
  }

  private static func choices(_ kind: ValueKind) -> [String] {
    if case .choice(let words) = kind { words } else { [] }
  }

  /// How bash finds an option's value; `nil` where it has none.
  private static func bashAction(_ kind: ValueKind) -> String? {
    switch kind {
    case .flag: nil
    case .path: "COMPREPLY=($(compgen -f -- \"$current\"))"
    case .choice(let words): "COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -- \"$current\"))"
    default: "COMPREPLY=()"
    }
  }

  private static func zshSpec(_ option: OptionDeclaration) -> String {
    let spec = "\(option.repeats ? "*" : "")--\(option.name)\(option.kind == .flag ? "" : "=")[\(quoted(option.help))]"
    return option.kind == .flag ? spec : "\(spec):\(quoted(option.placeholder)):\(zshAction(option.kind))"
  }

  private static func zshAction(_ kind: ValueKind) -> String {
    switch kind {
    case .path: "_files"
    case .choice(let words): "(\(words.joined(separator: " ")))"
    default: ""
    }
  }

  /// Text within single quotes in which zsh finds no mark of its own.
  private static func quoted(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "'": result += "'\\''"
      case ":", "[", "]", "\\": result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }
}
