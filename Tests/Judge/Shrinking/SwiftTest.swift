extension ShopCase {
  /// The case as a test, ready to be pasted: its files, its log, and the changes that the definition gives. It calls
  /// `expectChanges(files:events:partitions:untilMs:are:)`, which whoever holds an engine against the judge provides.
  public func swiftTest(named name: String) -> String {
    let files = self.files.sorted { $0.key < $1.key }
    let changes = (try? verdict().changes) ?? []
    var lines = ["@Test(\"\(name)\")", "func shrunkFromSeed\(seed)() throws {", "  try expectChanges(", "    files: ["]
    for (path, text) in files { lines += Self.literal(text, named: "      \"\(path)\": ") }
    lines += ["    ],"] + Self.literal(events, named: "    events: ")
    lines += ["    partitions: \(partitions), untilMs: \(untilMs.map { "\($0)" } ?? "nil"),", "    are: ["]
    lines += changes.map { "      #\"\($0)\"#," } + ["    ])", "}"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A raw string over several lines, which keeps every backslash.
  private static func literal(_ text: String, named name: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return [name + "#\"\"\""] + lines.map { $0.isEmpty ? "" : "        " + $0 } + ["        \"\"\"#,"]
  }
}
