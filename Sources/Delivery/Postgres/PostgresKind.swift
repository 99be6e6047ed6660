extension DestinationKind {
  /// A warehouse in a PostgreSQL database.
  static let postgres = DestinationKind(
    word: "postgres", keys: ["url", "schema"], required: ["url"],
    meant: ["uri": "url", "database": "url", "connection": "url", "conninfo": "url", "dsn": "url"],
    otherWords: ["postgresql"],
    read: { fields in
      let url = conninfo(&fields)
      let schema = fields["schema"] == nil ? "usher" : schemaName(&fields)
      guard let url, let schema else { return nil }
      return .postgres(conninfo: url, schema: schema)
    })

  private static func conninfo(_ fields: inout DestinationFields) -> String? {
    guard let text = fields.text("url", expected: "a database such as postgresql://usher@db.example/shop") else {
      return nil
    }
    guard !ConnectionWords.holdPassword(text) else {
      fields.concealedError(
        "url", "'url' holds a password, and this file is for everybody to read",
        expected: "it in the environment (PGPASSWORD) or in libpq's password file (PGPASSFILE)")
      return nil
    }
    return text
  }

  private static func schemaName(_ fields: inout DestinationFields) -> String? {
    let expected = "a schema's name: small letters, digits and underscores, a letter first"
    guard let name = fields.text("schema", expected: expected) else { return nil }
    let isName = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    guard isName, name.utf8.count <= 63, let first = name.utf8.first, (0x61...0x7A).contains(first) else {
      fields.error("schema", "'schema' is no name that needs no quotes", expected: expected)
      return nil
    }
    return name
  }
}

/// What stands in a connection's words.
enum ConnectionWords {
  /// Whether they hold a password: `postgresql://user:password@host/`, `password=…`, or `?password=…`.
  static func holdPassword(_ text: String) -> Bool {
    let dense = text.filter { !$0.isWhitespace }
    if dense.contains("password=") { return true }
    // Up to the first `@`, whatever is before it: a password may hold what ends a host's name.
    guard let scheme = dense.firstRange(of: "://"), let at = dense[scheme.upperBound...].firstIndex(of: "@") else {
      return false
    }
    return dense[scheme.upperBound..<at].contains(":")
  }
}
