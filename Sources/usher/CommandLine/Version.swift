/// Which Usher this is.
enum Version {
  /// The version as the changelog has it.
  static let text = "0.1.0"
}
