/// Which properties of librdkafka a user may not give, and which values may never be shown.
enum PropertyRules {
  /// Properties that Usher sets itself, and where the user decides the matter instead.
  static let owned: [String: String] = [
    "bootstrap.servers": "give the bootstrap servers setting instead",
    "metadata.broker.list": "give the bootstrap servers setting instead",
    "client.id": "give the client id setting instead",
    "group.id": "it follows from the application id",
    "group.instance.id": "it follows from the application id and the lane",
    "transactional.id": "it follows from the application id and the lane",
    "enable.auto.commit": "offsets are committed with the results",
    "auto.commit.interval.ms": "offsets are committed with the results",
    "enable.auto.offset.store": "offsets are committed with the results",
    "offset.store.method": "offsets are committed with the results",
    "auto.offset.reset": "each reader knows where it must start",
    "isolation.level": "only committed records are read",
    "enable.idempotence": "exactly-once needs it on",
    "enable.gapless.guarantee": "exactly-once does not need it",
    "acks": "exactly-once needs all in-sync replicas",
    "request.required.acks": "exactly-once needs all in-sync replicas",
    "partition.assignment.strategy": "choose how partitions are assigned with `--assign`",
    "enable.partition.eof": "the end of a partition is always reported",
    "partitioner": "keys go to partitions as Java clients send them",
    "delivery.report.only.error": "delivery is watched by Usher",
    "dr_cb": "delivery is watched by Usher",
    "dr_msg_cb": "delivery is watched by Usher",
    "log_cb": "log lines go to Usher's log",
    "error_cb": "errors are reported by Usher",
    "rebalance_cb": "rebalances are served by Usher",
    "opaque": "callbacks are served by Usher",
    "default_topic_conf": "topic properties can be given by their own names",
    "log.queue": "log lines go to Usher's log",
    "test.mock.num.brokers": "use an embedded cluster instead",
  ]

  /// True where a value may hold a secret.
  static func isSensitive(_ property: String) -> Bool {
    let name = property.lowercased()
    return ["password", "secret", "key.pem", "jaas", "oauthbearer", "username", "ssl.key", "token"].contains {
      name.contains($0)
    }
  }
}
