/// The forms of the language beyond its first ones that a random case may use, so that an engine can be brought up form
/// by form. Without any, a case has event leaves with `where`, `since`, `pick`, `having`, a window, and count, sum, min
/// or max, under `all`, `any` and `not`.
public struct Forms: OptionSet, Sendable, Hashable {
  /// One bit a form.
  public let rawValue: UInt32

  /// The forms of these bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// `gap`.
  public static let gap = Forms(rawValue: 1 << 0)
  /// `followed_by` and `not_followed_by`, with `same`, `within` and nested ones.
  public static let sequences = Forms(rawValue: 1 << 1)
  /// `by`.
  public static let by = Forms(rawValue: 1 << 2)
  /// `favorite`.
  public static let favorite = Forms(rawValue: 1 << 3)
  /// `distinct`.
  public static let distinct = Forms(rawValue: 1 << 4)
  /// `average`.
  public static let average = Forms(rawValue: 1 << 5)
  /// Traits that `identify` brings.
  public static let traits = Forms(rawValue: 1 << 6)
  /// Computed traits.
  public static let computed = Forms(rawValue: 1 << 7)
  /// `audience:` leaves.
  public static let audienceReferences = Forms(rawValue: 1 << 8)
  /// `hold_for`, `stay_at_most`, `rejoin_after` and `retire_on`.
  public static let spells = Forms(rawValue: 1 << 9)
  /// `unless`, and `suppress` of the policy with purposes.
  public static let suppression = Forms(rawValue: 1 << 10)
  /// Exclusive groups.
  public static let groups = Forms(rawValue: 1 << 11)
  /// Holdouts.
  public static let holdouts = Forms(rawValue: 1 << 12)
  /// `alias`, and `identify` with both ids.
  public static let merges = Forms(rawValue: 1 << 13)
  /// `delete`.
  public static let deletes = Forms(rawValue: 1 << 14)
  /// E-mail addresses and phone numbers, and ad platforms that are told when they change.
  public static let identifiers = Forms(rawValue: 1 << 15)
  /// Every form.
  public static let all = Forms(rawValue: (1 << 16) - 1)
}
