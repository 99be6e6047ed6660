/// One thing that a service takes: most records become one, some several.
public struct Item: Sendable {
  /// What it does there.
  public enum Direction: Sendable {
    /// Takes somebody out.
    case removal
    /// Takes somebody out of everything, and leaves nothing of them.
    case erasure
    /// Takes somebody in.
    case addition
    /// Neither: it only tells.
    case neither
  }

  /// Whose it is, as a hash of the profile: items of one profile keep their order.
  public var profile: UInt64
  /// Which membership it is about, as a hash of profile and audience: of these, the last one may be all that counts.
  public var membership: UInt64
  /// Only items of one group go into one request.
  public var group: UInt64
  /// What it does there.
  public var direction: Direction

  /// How many of its bytes, from the first on, are of its request rather than of it: the same for all of its group.
  public var headBytes = 0

  /// Its record's place in the batch.
  var record = 0
  /// Where its bytes stand in the list.
  var start = 0
  var count = 0

  var isErasure: Bool { direction == .erasure }

  /// An item.
  public init(profile: UInt64, membership: UInt64, group: UInt64 = 0, direction: Direction) {
    self.profile = profile
    self.membership = membership
    self.group = group
    self.direction = direction
  }
}

/// In which order the items of a batch go.
public enum ItemOrder: Sendable {
  /// As the records stand in their partitions.
  case asTheyCame
  /// Each profile's in their order; of different profiles, those that take somebody out first.
  case removalsFirst
  /// Of each membership the last one alone, and those that take somebody out first.
  case lastOnly
}

extension ItemOrder {
  /// The order of some items, as their numbers.
  func arrange(_ items: [Item]) -> [Int] {
    switch self {
    case .asTheyCame: Array(items.indices)
    case .removalsFirst: Self.removalsFirst(items, Array(items.indices))
    case .lastOnly: Self.removalsFirst(items, Self.lastOfEach(items))
    }
  }

  private static func lastOfEach(_ items: [Item]) -> [Int] {
    var last: [UInt64: Int] = [:]
    for index in items.indices { last[items[index].membership] = index }
    // A record may become several items, which belong together.
    return items.indices.filter { items[last[items[$0].membership] ?? $0].record == items[$0].record }
  }

  /// A profile's removal that comes after something else of that profile begins another round; within a round removals
  /// come first. So nobody's order changes.
  private static func removalsFirst(_ items: [Item], _ chosen: [Int]) -> [Int] {
    var standings: [UInt64: (round: Int, isRemoving: Bool)] = [:]
    var rounds: [(removals: [Int], others: [Int])] = []
    for index in chosen {
      let isRemoval = items[index].direction == .removal || items[index].isErasure
      var standing = standings[items[index].profile] ?? (round: 0, isRemoving: true)
      if isRemoval, !standing.isRemoving { standing.round += 1 }
      standing.isRemoving = isRemoval
      standings[items[index].profile] = standing
      if standing.round == rounds.count { rounds.append(([], [])) }
      if isRemoval {
        rounds[standing.round].removals.append(index)
      } else {
        rounds[standing.round].others.append(index)
      }
    }
    return rounds.flatMap { $0.removals + $0.others }
  }
}
