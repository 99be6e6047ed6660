import Events
import YAML

/// Ages: `within` and `between` (language, sections 3.1 and 3.2).
extension DefinitionReader {
  /// `within` or `between`. Of what is ahead the first bound is left out, of what is past the second one.
  mutating func window(_ parts: [String: Entry], isAhead: Bool = false) -> Window? {
    if let within = parts["within"], let between = parts["between"] {
      let second = within.keyPlace.start < between.keyPlace.start ? between : within
      findings.error(at: second.keyPlace, "'within' and 'between' in one condition", expected: "one of them")
    }
    let from = parts["between"].flatMap { between($0.value, isAhead) }
    return parts["within"].flatMap { within($0.value, isAhead) } ?? from
  }

  private mutating func within(_ node: Node, _ isAhead: Bool) -> Window? {
    findings.positiveDuration(node, "'within'", why: isAhead ? "" : ": nothing is younger than that").map {
      Window(from: DurationMs(ms: 0), to: $0)
    }
  }

  private mutating func between(_ node: Node, _ isAhead: Bool) -> Window? {
    let form = "two ages, the smaller one first, such as [2h, 24h]"
    guard let bounds = pair(node, "'between'", expected: form) else { return nil }
    let from = findings.duration(bounds.first, "an age in 'between'")
    let to = findings.duration(bounds.second, "an age in 'between'")
    guard let from, let to else { return nil }
    guard from <= to else {
      findings.error(
        at: node.place, "'between' begins after it ends", expected: form, suggestion: bounds.reversedText)
      return nil
    }
    if from == to {
      findings.warning(
        at: node.place,
        "'between' can never be true: its ages are equal, and the \(isAhead ? "first" : "second") one is not in it",
        expected: form)
    }
    return Window(from: from, to: to)
  }

  /// The two elements of a list of two.
  mutating func pair(_ node: Node, _ subject: String, expected: String) -> Pair? {
    guard let elements = node.sequence, !elements.isEmpty else {
      findings.wrong(node, subject, expected: expected)
      return nil
    }
    guard elements.count == 2 else {
      let number = elements.count == 1 ? "one value" : "\(elements.count) values"
      findings.error(at: node.place, "\(subject) has \(number)", expected: expected)
      return nil
    }
    return Pair(first: elements[0], second: elements[1])
  }
}

/// Two nodes of a list.
struct Pair {
  let first: Node
  let second: Node

  /// The list the other way round, as it would be written.
  var reversedText: String { "[\(second.scalar?.text ?? ""), \(first.scalar?.text ?? "")]" }
}
