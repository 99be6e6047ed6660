import YAML

/// One kind of destination: the keys that its files have, and how they are read. Each stands in a file of its own; to be
/// known, it is named in ``all``.
struct DestinationKind: Sendable {
  /// Its word: `kind: WORD`.
  let word: String
  /// Its keys, beside those of all kinds.
  var keys: [String]
  /// Which of them must be there.
  var required: [String] = []
  /// What people write instead of a key.
  var meant: [String: String] = [:]
  /// What people write instead of its word.
  var otherWords: [String] = []
  /// The topic that is delivered where the file names none.
  var topic = "audience.warehouse"
  /// Reads its fields; nothing, noted, where they cannot stand.
  let read: @Sendable (inout DestinationFields) -> DestinationFile.Kind?

  static let commonKeys = ["kind", "topic", "batch_records", "batch_ms"]
  static let commonMeant = ["type": "kind", "batch": "batch_records", "every": "batch_ms"]

  /// All kinds.
  static let all = [sqlite, postgres, webhook, segment, ga4]

  /// What can be said, and what later versions are to know.
  static let words = Vocabulary(
    all.map(\.word), later: ["files", "meta", "google", "tiktok"],
    meant: Dictionary(all.flatMap { kind in kind.otherWords.map { ($0, kind.word) } }) { first, _ in first })
}

extension DestinationKind {
  /// A destination over HTTP, whose fields of its own are `keys`.
  static func service<Declaration: ServiceDeclaration>(
    _ word: String, keys: [String], required: [String], meant: [String: String] = [:], otherWords: [String] = [],
    topic: String, read: @escaping @Sendable (inout DestinationFields) -> Declaration?
  ) -> DestinationKind {
    DestinationKind(
      word: word, keys: ServiceOptions.keys + keys, required: required,
      meant: ServiceOptions.meant.merging(meant) { _, own in own }, otherWords: otherWords, topic: topic,
      read: { read(&$0).map { .service($0) } })
  }
}
