/// What the brokers say about the cluster at one moment.
public struct ClusterMetadata: Sendable {
  /// One broker that is up.
  public struct Broker: Sendable, Equatable {
    /// The broker's number.
    public let id: Int32
    /// The host under which clients reach it.
    public let host: String
    /// The port under which clients reach it.
    public let port: Int32
  }

  /// One topic.
  public struct Topic: Sendable, Equatable {
    /// The topic's name.
    public let name: String
    /// How many partitions it has.
    public let partitionCount: Int
    /// On how many brokers each partition is kept.
    public let replicationFactor: Int
    /// How many partitions have no leader now, and cannot be read or written.
    public let partitionsWithoutLeader: Int
  }

  /// The brokers that are up, by number.
  public let brokers: [Broker]
  /// The topics that this user may see, by name.
  public let topics: [Topic]

  /// The topic of that name, or nil where there is none.
  public func topic(_ name: String) -> Topic? {
    topics.first { $0.name == name }
  }
}
