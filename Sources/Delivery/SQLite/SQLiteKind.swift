extension DestinationKind {
  /// The embedded warehouse.
  static let sqlite = DestinationKind(
    word: "sqlite", keys: ["path"], required: ["path"], meant: ["file": "path", "database": "path"],
    otherWords: ["sqlite3", "warehouse", "database"],
    read: { fields in fields.text("path", expected: "the path of a file").map { .sqlite(path: $0) } })
}
