import CKafka

/// A Kafka cluster inside this process, for tests and the demo: librdkafka's mock cluster on loopback ports.
///
/// What it cannot show (librdkafka 2.0.2):
/// - It ignores isolation: records of open and aborted transactions can be read at once.
/// - It drops the offsets of transactions: `committed` finds none after a commit.
/// - Topics are created here, not by ``Admin``; topics that are not created come into being with 4 partitions when
///   somebody asks for them.
/// - It keeps nothing on disk, and of each partition only about the last 5 MB.
/// - It knows no rights, no TLS, no log compaction, and no time stamps of its own.
/// Claims about exactly-once need a real broker.
///
/// `@unchecked Sendable`, like its handles: librdkafka passes every call on to the cluster's own thread.
public final class EmbeddedCluster: @unchecked Sendable {
  /// Where the cluster listens; `bootstrap.servers` of its clients.
  public let bootstrapServers: String

  /// The cluster, and the client without brokers on whose threads it runs.
  private struct Handles: @unchecked Sendable {
    let client: OpaquePointer
    let cluster: OpaquePointer
  }

  private let handles: Handles
  private var cluster: OpaquePointer { handles.cluster }

  /// Starts a cluster of `brokers` brokers, numbered from 1. It ends with this object.
  /// - Throws: ``KafkaError`` when no port can be opened.
  public init(brokers: Int32 = 1) throws(KafkaError) {
    let configuration = rd_kafka_conf_new()
    rd_kafka_conf_set_log_cb(configuration) { _, _, _, _ in }
    let (client, reason) = withErrorText { rd_kafka_new(RD_KAFKA_PRODUCER, configuration, $0, $1) }
    guard let client else {
      rd_kafka_conf_destroy(configuration)
      throw .settings("could not start an embedded cluster: \(reason)")
    }
    guard let cluster = rd_kafka_mock_cluster_new(client, brokers) else {
      rd_kafka_destroy(client)
      throw .settings("could not start an embedded cluster: no loopback port could be opened")
    }
    handles = Handles(client: client, cluster: cluster)
    bootstrapServers = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
  }

  deinit {
    // Its thread looks up once a second; nobody has to wait for that.
    let handles = handles
    let ended: Void? = onSideThread(timeoutMs: 0) {
      rd_kafka_mock_cluster_destroy(handles.cluster)
      rd_kafka_destroy(handles.client)
    }
    _ = ended
  }

  /// Settings for a client of this cluster.
  public var settings: KafkaSettings { KafkaSettings(bootstrapServers: bootstrapServers) }

  /// Creates a topic.
  /// - Throws: ``KafkaError`` when it exists already, or there are fewer brokers than replicas.
  public func createTopic(_ name: String, partitionCount: Int32, replicationFactor: Int32 = 1) throws(KafkaError) {
    try check(
      rd_kafka_mock_topic_create(cluster, name, partitionCount, replicationFactor), "create topic '\(name)'",
      about: .topic(name))
  }

  /// Makes the next requests of this kind fail, one after the other, whoever sends them.
  public func fail(_ request: RequestKind, with faults: [BrokerFault]) {
    let codes = faults.map { rd_kafka_resp_err_t(rawValue: $0.rawValue) }
    rd_kafka_mock_push_request_errors_array(cluster, request.rawValue, codes.count, codes)
  }

  /// Takes back the failures that have not happened yet.
  public func stopFailing(_ request: RequestKind) {
    rd_kafka_mock_clear_request_errors(cluster, request.rawValue)
  }

  /// Breaks the connections of broker `id` and takes no new ones, until ``startBroker(_:)``.
  /// - Throws: ``KafkaError`` when there is no such broker.
  public func stopBroker(_ id: Int32) throws(KafkaError) {
    try check(rd_kafka_mock_broker_set_down(cluster, id), "stop broker \(id)", about: .cluster)
  }

  /// Lets broker `id` take connections again.
  /// - Throws: ``KafkaError`` when there is no such broker.
  public func startBroker(_ id: Int32) throws(KafkaError) {
    try check(rd_kafka_mock_broker_set_up(cluster, id), "start broker \(id)", about: .cluster)
  }

  /// Makes every answer of broker `id` take this long.
  /// - Throws: ``KafkaError`` when there is no such broker.
  public func setRoundTrip(ofBroker id: Int32, ms: Int32) throws(KafkaError) {
    try check(rd_kafka_mock_broker_set_rtt(cluster, id, ms), "slow broker \(id) down", about: .cluster)
  }

  private func check(_ code: rd_kafka_resp_err_t, _ operation: String, about subject: Subject) throws(KafkaError) {
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
    throw KafkaError(code, during: operation, about: subject, servers: bootstrapServers)
  }
}
