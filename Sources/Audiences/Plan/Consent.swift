/// What people allow ad platforms to do with their data: the last word on each use, by an event of the taxonomy. The uses
/// have Google's names (destinations: "Data Manager API").
public struct Consent: Sendable {
  /// Whether their data may be sent: the number of the trait that says so.
  public let userData: Int?
  /// Whether advertising may be made for them personally: likewise.
  public let personalization: Int?

  /// The event that says it.
  static let event = "Consent Changed"
  static let userDataUse = "ad_user_data"
  static let personalizationUse = "ad_personalization"
}
