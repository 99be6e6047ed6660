/// A topic as the cluster has it.
struct ClusterTopic: Sendable, Equatable {
  let partitions: Int
  let replication: Int
  /// The configuration in force, by Kafka's own names.
  let configuration: [String: String]
}

/// Something in which a cluster's topic is not as declared.
enum TopicDifference: Sendable, Equatable {
  case missing
  case partitions(declared: Int, actual: Int)
  case replication(declared: Int, actual: Int)
  /// `actual` is nil where the broker does not show the value.
  case configuration(key: String, declared: String, actual: String?)

  /// What differs, for people.
  var sentence: String {
    switch self {
    case .missing: "is not there"
    case .partitions(let declared, let actual):
      "has \(Figures.counted(actual, "partition")) instead of \(declared)"
    case .replication(let declared, let actual):
      "is kept on \(Figures.counted(actual, "broker")) instead of \(declared)"
    case .configuration(let key, let declared, let actual):
      "\(key) is \(actual ?? "not shown") instead of \(declared)"
    }
  }

  /// Why `apply` leaves a topic as it is, which is kept on so many brokers; nil where it corrects it.
  func obstacle(mayGrow: Bool, replication: Int) -> String? {
    switch self {
    case .missing: nil
    case .partitions(let declared, let actual) where actual > declared: "Kafka cannot take partitions away"
    case .partitions: mayGrow ? nil : "--grow adds them; keys then go elsewhere, and state must be filled anew"
    case .replication: "kafka-reassign-partitions changes it"
    case .configuration("min.insync.replicas", let declared, _) where (Int(declared) ?? 0) > replication:
      "nothing could be written while the topic is kept on fewer brokers"
    case .configuration: nil
    }
  }
}

extension TopicDeclaration {
  /// In what the cluster's topic is not as declared. What is not declared is left to the cluster.
  func differences(from actual: ClusterTopic?) -> [TopicDifference] {
    guard let actual else { return [.missing] }
    var differences: [TopicDifference] = []
    if actual.partitions != partitions {
      differences.append(.partitions(declared: partitions, actual: actual.partitions))
    }
    if actual.replication != replication {
      differences.append(.replication(declared: replication, actual: actual.replication))
    }
    for entry in configuration where actual.configuration[entry.key] != entry.value {
      differences.append(
        .configuration(key: entry.key, declared: entry.value, actual: actual.configuration[entry.key]))
    }
    return differences
  }
}
