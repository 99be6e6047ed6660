public import Kafka

/// What a proxy does to the next requests of one kind.
public struct RequestFault: Sendable {
  /// What becomes of a request.
  public enum Action: Sendable, Equatable {
    /// It reaches the broker so much later, and all that follows on its connection with it; also where the client has
    /// given it up meanwhile.
    case delay(ms: Int)
    /// The broker does it, but its answer does not reach the client.
    case dropAnswer
    /// It does not reach the broker until ``KafkaProxy/deliverHeld()``, be the client still there or not.
    case hold
    /// It reaches the broker at once, and once more at ``KafkaProxy/deliverHeld()``.
    case `repeat`
  }

  /// Which requests.
  public let request: RequestKind
  /// What becomes of them.
  public let action: Action
  /// How many of them are still to come.
  public internal(set) var times: Int

  /// A fault for the next `times` requests of a kind.
  public init(_ request: RequestKind, _ action: Action, times: Int = 1) {
    self.request = request
    self.action = action
    self.times = times
  }
}
