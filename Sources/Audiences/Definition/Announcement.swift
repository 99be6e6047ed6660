/// How a change is told downstream: `entry` and `exit` (language, section 5).
public struct Announcement: Sendable, Hashable {
  /// The event's name, instead of `Audience Entered` or `Audience Exited`.
  public var event: String?
  /// The traits that go with it; none twice, none named like a property of the record itself.
  public var include: [String]

  /// An announcement under a name, with traits.
  public init(event: String? = nil, include: [String] = []) {
    self.event = event
    self.include = include
  }

  /// The properties that every change record has (topics): a trait of such a name could not stand beside them.
  public static let ownProperties = [
    "change", "audience", "audience_name", "version", "purpose", "status", "seq", "reason", "entered_at",
  ]
}

/// Who gets the changes of an audience: `to` (language, section 5).
public struct AudienceDestinations: Sendable, Hashable {
  /// The names of the ad platforms; none twice.
  public var ads: [String]
  /// What the warehouse gets.
  public var warehouse: WarehouseShare
  /// The names of the analytics tools; none twice.
  public var analytics: [String]

  /// Destinations by their kind; nobody where none is given.
  public init(ads: [String] = [], warehouse: WarehouseShare = .none, analytics: [String] = []) {
    self.ads = ads
    self.warehouse = warehouse
    self.analytics = analytics
  }
}

extension AudienceDestinations {
  /// Whether nobody is told.
  public var isEmpty: Bool { ads.isEmpty && warehouse == .none && analytics.isEmpty }

  /// Those of these that are none of the others.
  public func without(_ others: AudienceDestinations) -> AudienceDestinations {
    AudienceDestinations(
      ads: ads.filter { !others.ads.contains($0) }, warehouse: others.warehouse == .all ? .none : warehouse,
      analytics: analytics.filter { !others.analytics.contains($0) })
  }

  /// The same, however they are ordered.
  var sorted: AudienceDestinations {
    AudienceDestinations(ads: ads.sorted(), warehouse: warehouse, analytics: analytics.sorted())
  }
}

/// What of an audience's changes goes to the warehouse.
public enum WarehouseShare: String, Sendable, CaseIterable {
  /// Every change, with every trait of `include`.
  case all
  /// Nothing.
  case none
}

// The shorter ways in which what sends changes asks for the same.
extension AudienceDefinition {
  /// What an entry is called downstream, instead of `Audience Entered`.
  public var entryEvent: String? { entry.event }
  /// What an exit is called downstream, instead of `Audience Exited`.
  public var exitEvent: String? { exit.event }
  /// Whether its changes go to the warehouse.
  public var toWarehouse: Bool { to.warehouse == .all }
}
