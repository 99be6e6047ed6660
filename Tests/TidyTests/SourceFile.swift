import Foundation

/// A source file, looked at as text: enough for rules that a person could check with the eye.
struct SourceFile {
  let path: String
  let lines: [String]

  init?(_ url: URL, root: URL) {
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
    path = String(url.path.dropFirst(root.path.count + 1))
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// The folder under `Sources` or `Tests`.
  var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  /// The modules that the file imports.
  var imports: [String] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      guard let place = words.firstIndex(of: "import"), place <= 1, words.count == place + 2 else { return nil }
      guard place == 0 || ["public", "internal", "private", "@testable"].contains(words[0]) else { return nil }
      return String(words[place + 1])
    }
  }

  /// Where each function begins and how many lines it has, by the indentation of its last brace.
  var functions: [(line: Int, length: Int)] {
    var found: [(Int, Int)] = []
    for (number, line) in lines.enumerated() where isFunction(line) {
      let indentation = line.prefix { $0 == " " }.count
      let end = lines[number...].firstIndex { $0 == String(repeating: " ", count: indentation) + "}" }
      if let end { found.append((number + 1, end - number + 1)) }
    }
    return found
  }

  private func isFunction(_ line: String) -> Bool {
    let code = line.trimmingCharacters(in: .whitespaces)
    guard !code.hasPrefix("//") else { return false }
    return code.contains("func ") || code.hasPrefix("init") || code.contains(" init(")
  }

  func commentAbove(_ number: Int) -> Bool {
    lines[number - 1].trimmingCharacters(in: .whitespaces).hasPrefix("//")
  }

  /// Whether a line declares something public of its own.
  func declaresPublic(_ number: Int) -> Bool {
    let code = lines[number].trimmingCharacters(in: .whitespaces)
    guard code.contains("public ") && !code.hasPrefix("//") && !code.contains("import ") else { return false }
    let words = code.split(separator: " ").prefix(6)
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "case", "static"]
    return words.contains("public") && (words.contains { kinds.contains($0) } || code.contains("init"))
  }

  /// Whether a documentation comment stands above a declaration, attributes passed over.
  func isDocumented(_ number: Int) -> Bool {
    var above = number - 1
    while above >= 0, lines[above].trimmingCharacters(in: .whitespaces).hasPrefix("@") { above -= 1 }
    return above >= 0 && lines[above].trimmingCharacters(in: .whitespaces).hasPrefix("///")
  }
}
