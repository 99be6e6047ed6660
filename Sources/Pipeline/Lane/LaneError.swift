internal import Kafka
internal import ProfileStore

/// A lane cannot go on.
public struct LaneError: Error, Sendable, CustomStringConvertible {
  /// What, where, why: one sentence without a full stop.
  public let description: String
  /// What to do about it.
  public let advice: String?

  init(_ description: String, advice: String? = nil) {
    self.description = description
    self.advice = advice
  }

  init(_ error: KafkaError) { self.init(error.description) }

  init(_ error: StoreError) { self.init(error.description) }
}
