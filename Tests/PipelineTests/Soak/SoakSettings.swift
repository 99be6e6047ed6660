import Foundation

/// What a soak does, how long and with what. Everything that is left to chance follows from the seed.
struct SoakSettings {
  var seed: UInt64
  /// How many faults come one after the other.
  var rounds: Int
  var eventsPerSecond: Int
  var profiles = 2000
  var brokers = 3
  var partitions: Int32 = 4
  var ownership: Ownership
  var keepsOnDisk: Bool
  /// The faults that are dealt again and again, each round in an order of its own.
  var deck = SoakFault.deck

  static let sessionTimeoutMs = 4000

  init(seed: UInt64, rounds: Int, eventsPerSecond: Int) {
    self.seed = seed
    self.rounds = rounds
    self.eventsPerSecond = eventsPerSecond
    ownership = seed % 2 == 1 ? .group : .fixed
    keepsOnDisk = (max(seed, 1) - 1) / 2 % 2 == 0
  }

  /// As `make soak` says it.
  static var fromEnvironment: SoakSettings {
    let environment = ProcessInfo.processInfo.environment
    func number(_ name: String, or standard: Int) -> Int { environment[name].flatMap { Int($0) } ?? standard }
    return SoakSettings(
      seed: UInt64(number("USHER_SEED", or: 1)), rounds: number("USHER_ROUNDS", or: 64),
      eventsPerSecond: number("USHER_EVENTS", or: 300))
  }

  /// Whether a long soak is asked for.
  static var isAsked: Bool { ProcessInfo.processInfo.environment["USHER_SOAK"] != nil }
}

extension SoakSettings: CustomStringConvertible {
  var description: String {
    "seed \(seed): \(rounds) faults, \(eventsPerSecond) events a second, partitions by \(ownership.rawValue), profiles "
      + (keepsOnDisk ? "on disk" : "in memory")
  }
}

/// Chance from a seed (SplitMix64).
struct SoakDice {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 up to, but not with, `bound`.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func from(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.count) }

  /// Whether it comes out so, of a hundred times.
  mutating func percent(_ share: Int) -> Bool { below(100) < share }

  mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }

  mutating func shuffled<T>(_ items: [T]) -> [T] {
    var items = items
    for place in items.indices.dropFirst() { items.swapAt(place, below(place + 1)) }
    return items
  }
}
