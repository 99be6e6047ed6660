import Audiences

/// Descriptions for people.
struct DescriptionText {
  /// How wide a line may be, in characters.
  let width: Int

  /// Every audience: its key, and who is in it.
  func list(_ audiences: [AudienceDescription]) -> String {
    Help.columns(audiences.map { ($0.audience.key, $0.sentence) }, width: width)
  }

  /// One audience in full.
  func of(_ description: AudienceDescription) -> String {
    let audience = description.audience
    let facts = [
      "version \(audience.version)", audience.purpose.map { "to \($0.rawValue)" }, audience.owner.map { "owner \($0)" },
    ]
    var text = wrapped(
      "\(audience.name) (\(audience.key)), \(facts.compactMap { $0 }.joined(separator: ", "))", indent: 0)
    if let goal = audience.goal { text += wrapped("Goal: \(goal)", indent: 0) }
    text += "\n" + wrapped(description.sentence, indent: 0)
    text += section("Conditions", description.conditions)
    text += section("Besides", description.rules)
    text += section("Changes by time alone", Self.changes(description.timeChanges))
    text += section("Looks at", looks(description))
    text += section("Is looked at by", description.usedBy.isEmpty ? ["Nothing."] : description.usedBy)
    text += section("Its changes go to", description.destinations)
    text += section("Traits", description.traits.map { "\($0.name): \($0.phrase)" })
    text += section("State of each profile", description.state.map { "\($0.subject): \($0.text)" })
    return text
  }

  /// One trait in full.
  func of(_ trait: TraitDescription) -> String {
    var text = wrapped("\(trait.name): \(trait.phrase).", indent: 0)
    text += section("Changes by time alone", Self.changes(trait.timeChanges))
    text += section("Looks at", [Self.row("traits", trait.traits), Self.row("events", trait.events)].compactMap { $0 })
    text += section("Is looked at by", trait.usedBy.isEmpty ? ["Nothing."] : [trait.usedBy.joined(separator: ", ")])
    return text
  }

  private func looks(_ description: AudienceDescription) -> [String] {
    let rows = [
      Self.row("events", description.events), Self.row("traits", description.traits.map(\.name)),
      Self.row("audiences", description.audiences),
    ]
    return rows.compactMap { $0 }
  }

  private static func row(_ head: String, _ names: [String]) -> String? {
    names.isEmpty ? nil : "\(head): \(names.joined(separator: ", "))"
  }

  private static func changes(_ phrases: [String]) -> [String] {
    phrases.isEmpty ? ["Never: only events and traits change it."] : phrases
  }

  // MARK: Layout

  /// A heading, and what is told under it; nothing where there is nothing to tell.
  func section(_ head: String, _ lines: [String]) -> String {
    section(head, lines.map { (depth: 0, text: $0) })
  }

  private func section(_ head: String, _ lines: [DescriptionLine]) -> String {
    section(head, lines.map { (depth: $0.depth, text: $0.text) })
  }

  private func section(_ head: String, _ lines: [(depth: Int, text: String)]) -> String {
    guard !lines.isEmpty else { return "" }
    return "\n\(head):\n" + lines.map { wrapped($0.text, indent: 2 + 2 * $0.depth) }.joined()
  }

  /// Lines that go on are indented further, so that each item can be told from the next.
  private func wrapped(_ text: String, indent: Int) -> String {
    let lines = Help.words(text, width: max(30, width - indent - 2))
    let margin = String(repeating: " ", count: indent)
    return lines.enumerated().map { margin + ($0 > 0 && indent > 0 ? "  " : "") + $1 + "\n" }.joined()
  }
}
