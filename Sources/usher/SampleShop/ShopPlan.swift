// The sample shop: customers with lives, whose events are as a shop's would be.
//
// People browse (some without saying who they are), fill carts, leave them, come back after a message, buy, run out of
// coffee, ask for their money back, subscribe, complain and change their mind about consent. `ShopStream` tells their
// events one by one, mostly in the order of time, as the JSON that a collector would write. It knows no Kafka, no file
// and no clock: the same plan gives the same bytes. The event names and properties are those of `topics/taxonomy.yaml`.

/// What is to be told of the sample shop.
struct ShopPlan: Sendable, Equatable {
  /// The same seed tells the same story.
  var seed: UInt64 = 1
  /// How many people there are.
  var profiles = 1000
  /// When the story begins, in milliseconds since 1970.
  var startMs: Int64 = 1_767_225_600_000  // 2026-01-01T00:00:00Z
  /// When nothing more happens; `nil` goes on for ever.
  var endMs: Int64?
  /// How many records are told at most; `nil` sets no bound.
  var limit: Int?
  /// The share of records that arrive up to ten minutes late.
  var late = 0.0
  /// The share of records that arrive twice, the second time up to ten minutes later.
  var duplicates = 0.0

  /// Roughly how many records one person gives rise to in a day. Measured over 30 days and 20,000 people.
  static let recordsPerProfileAndDay = 0.66

  /// As many people as give that many records in that many days.
  static func profiles(forEvents events: Int, days: Int) -> Int {
    max(1, Int(Double(events) / (recordsPerProfileAndDay * Double(max(1, days)))))
  }
}
