extension DestinationError {
  /// What a warehouse's file did not do.
  init(_ error: SQLiteError, _ path: String) {
    switch error.kind {
    case .locked:
      self.init(
        "the database \(path) is locked by another program; let it end its transaction, or close it", mayPass: true)
    case .full:
      self.init("there is no room left for the database \(path); free space on its disk", mayPass: true)
    case .readOnly:
      self.init(
        "the database \(path) cannot be written to; give this user the right to write to the file and its folder",
        mayPass: false)
    case .cannotOpen:
      self.init(
        "the database \(path) cannot be opened; check that its folder exists and that this user may use it",
        mayPass: false)
    case .notADatabase:
      self.init("\(path) is not an SQLite database; give another path", mayPass: false)
    case .corrupt:
      self.init(
        "the database \(path) is damaged (\(error.message)); put it aside, and a new one is filled from the topic",
        mayPass: false)
    case .io:
      self.init("the database \(path) cannot be read or written: \(error)", mayPass: true)
    case .other:
      self.init("the database \(path) refused a statement: \(error)", mayPass: false)
    }
  }

  /// Why a file is left as it is.
  init(_ refusal: MigrationRefusal, _ path: String) {
    switch refusal {
    case .newer(let version):
      self.init(
        "the database \(path) was made by a newer version of Usher: its schema is \(version), and this version knows "
          + "schemas up to \(SQLiteSchema.migrations.steps.count); use the newer version, or another file",
        mayPass: false)
    case .foreign:
      self.init(
        "the database \(path) holds something else than a warehouse of Usher; give another path", mayPass: false)
    }
  }
}
