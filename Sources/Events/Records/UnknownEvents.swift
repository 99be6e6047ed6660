/// How often events came that the taxonomy does not know, by name.
public struct UnknownEvents: Sendable {
  /// The counts of the names that were seen first.
  public private(set) var byName: [String: Int] = [:]
  /// How many came under further names.
  public private(set) var others = 0
  private static let most = 1000
  /// No event has a name of more bytes: what is longer is counted without being kept.
  static let longestName = 256

  /// How many came in all.
  public var total: Int { byName.values.reduce(others, +) }

  mutating func count(_ name: Bytes) {
    guard name.count <= Self.longestName else {
      others += 1
      return
    }
    let name = name.text
    if byName[name] != nil || byName.count < Self.most { byName[name, default: 0] += 1 } else { others += 1 }
  }
}
