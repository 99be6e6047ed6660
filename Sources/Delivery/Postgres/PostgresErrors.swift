extension DestinationError {
  /// What a warehouse in PostgreSQL did not do.
  init(_ error: PostgresError, schema: String) {
    switch error.kind {
    case .unreachable:
      self.init("PostgreSQL cannot be reached: \(error)", mayPass: true)
    case .refused:
      self.init(
        "PostgreSQL lets nobody in: \(error); see to user, database and password (PGPASSWORD, or a password file)",
        mayPass: false)
    case .conflict:
      self.init("another transaction is in the way in schema \(schema): \(error)", mayPass: true)
    case .full:
      self.init("PostgreSQL has no room left: \(error); give it disk, memory or connections", mayPass: true)
    case .forbidden:
      self.init(
        "PostgreSQL forbids it: \(error); grant the user CREATE on the database, or on its schema \(schema) and all in it",
        mayPass: false)
    case .movedBack:
      self.init(
        "schema \(schema) holds less than it did: it was restored, or a standby took over; start the worker again, and it "
          + "goes on from where the database is now",
        mayPass: false)
    case .data, .other:
      self.init("PostgreSQL refused a statement in schema \(schema): \(error)", mayPass: false)
    }
  }

  /// Why a schema is left as it is.
  init(_ refusal: MigrationRefusal, schema: String) {
    switch refusal {
    case .newer(let version):
      self.init(
        "schema \(schema) was made by a newer version of Usher: it has had \(version) steps, and this version knows "
          + "\(PostgresSchema.steps.count); use the newer version, or another schema",
        mayPass: false)
    case .foreign:
      self.init("schema \(schema) holds something else than a warehouse of Usher; give another schema", mayPass: false)
    }
  }
}
