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
