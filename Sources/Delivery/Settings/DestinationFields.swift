import HTTP
import YAML

/// The fields of a destination's file, for the kind that reads them. Mistakes are noted as they are met.
struct DestinationFields {
  private let root: Node
  private let vocabulary: Vocabulary
  private let entries: [String: Node]
  private(set) var findings: Findings

  /// Notes keys that the kind does not have, and those that it must have and are not there.
  init(_ root: Node, _ kind: DestinationKind, _ findings: Findings) {
    self.root = root
    self.findings = findings
    let meant = DestinationKind.commonMeant.merging(kind.meant) { _, own in own }
    vocabulary = Vocabulary(DestinationKind.commonKeys + kind.keys, meant: meant)
    let read = self.findings.entries(root, "a destination", of: vocabulary) ?? []
    entries = Dictionary(read.map { ($0.key, $0.value) }) { first, _ in first }
    for key in kind.required { require(key) }
  }

  private mutating func require(_ key: String) {
    guard root[key] == nil, !findings.holdsSlip(for: key, root, of: vocabulary) else { return }
    findings.error(at: root.place, "the destination has no '\(key)'", expected: "'\(key)'")
  }

  /// The value of a key that is there.
  subscript(key: String) -> Node? { entries[key] }

  /// A text; nothing, noted, where it is none.
  mutating func text(_ key: String, expected: String) -> String? {
    self[key].flatMap { findings.text($0, "'\(key)'", expected: expected) }
  }

  /// A whole number from 1 on.
  mutating func number(_ key: String, atMost limit: Int) -> Int? {
    guard let node = self[key] else { return nil }
    if let number = node.scalar?.integer, number > 0, number <= limit { return Int(number) }
    findings.wrong(node, "'\(key)'", expected: "a whole number from 1 to \(limit)")
    return nil
  }

  /// One of some words.
  mutating func choice(_ key: String, among words: [String], meant: [String: String] = [:]) -> String? {
    self[key].flatMap { findings.choice($0, "'\(key)'", among: Vocabulary(words, meant: meant)) }
  }

  /// A list of texts, which may be empty.
  mutating func texts(_ key: String, expected: String) -> [String]? {
    guard let node = self[key] else { return nil }
    if node.sequence?.isEmpty == true { return [] }
    return findings.elements(node, "'\(key)'", expected: expected)?.compactMap {
      findings.text($0, "'\(key)'", expected: expected)
    }
  }

  /// Where a secret is kept.
  mutating func secret(_ key: String) -> SecretSource? {
    self[key].flatMap { SecretSource.read($0, key, &findings) }
  }

  /// An address whose connections are secure, unless they stay on this machine.
  mutating func url(_ key: String) -> String? {
    guard let text = text(key, expected: "an address such as https://hooks.example/usher"), let node = self[key] else {
      return nil
    }
    let host = HTTPRequest.host(of: text)
    let isLocal = ["localhost", "127.0.0.1", "[::1]"].contains { host == $0 || host.hasPrefix($0 + ":") }
    let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard !host.isEmpty, isPlain, text.hasPrefix("https://") || text.hasPrefix("http://") && isLocal else {
      findings.error(
        at: node.place, "'\(key)' is no address that can be delivered to",
        expected: "https://HOST/PATH; http:// only on this machine")
      return nil
    }
    let authority = text.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
    guard !authority.contains("@") else {
      findings.concealedError(
        at: node.place, "'\(key)' holds a password, and this file is for everybody to read",
        expected: "the address without it")
      return nil
    }
    return text
  }

  /// Notes a mistake at a key whose line holds something that nobody may see.
  mutating func concealedError(_ key: String, _ message: String, expected: String) {
    findings.concealedError(at: (self[key] ?? root).place, message, expected: expected)
  }

  /// Notes a mistake at a key.
  mutating func error(_ key: String, _ message: String, expected: String) {
    findings.error(at: (self[key] ?? root).place, message, expected: expected)
  }
}
