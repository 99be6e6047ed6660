/// Why a warehouse's schema is left as it is.
enum MigrationRefusal: Equatable {
  /// It has had more steps than this version knows.
  case newer(version: Int)
  /// Something else is there.
  case foreign
}
