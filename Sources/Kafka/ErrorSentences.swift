import CKafka

/// What an operation was about, so that an error can name it.
enum Subject: Sendable {
  case cluster
  case topic(String)
  case group(String)
  case transactionalId(String)

  var phrase: String {
    switch self {
    case .cluster: "the cluster"
    case .topic(let name): "topic '\(name)'"
    case .group(let id): "consumer group '\(id)'"
    case .transactionalId(let id): "transactional id '\(id)'"
    }
  }
}

extension KafkaError {
  /// An error about what the user gave.
  static func settings(_ sentence: String) -> KafkaError {
    KafkaError(kind: .settings, code: "", operation: "read the Kafka settings", fate: .fatal, sentence: sentence)
  }

  /// An error of librdkafka or a broker, told as a sentence.
  /// - Parameters:
  ///   - detail: librdkafka's own words, used where Usher has none of its own.
  ///   - fate: what librdkafka says about it; nil where it does not.
  ///   - servers: the bootstrap servers.
  init(
    _ code: rd_kafka_resp_err_t, during operation: String, about subject: Subject, detail: String = "",
    fate: Fate? = nil, servers: String
  ) {
    let kind = ErrorCodes.kind(of: code)
    let why = Sentence(code: code, subject: subject, detail: detail, servers: servers).words(for: kind)
    self.init(
      kind: kind, code: ErrorCodes.name(of: code), operation: operation, fate: fate ?? ErrorCodes.fate(of: code),
      sentence: "could not \(operation): \(why)")
  }
}

/// The second half of an error's sentence: where and why, and what to do.
private struct Sentence {
  let code: rd_kafka_resp_err_t
  let subject: Subject
  let detail: String
  let servers: String

  func words(for kind: KafkaError.Kind) -> String {
    switch kind {
    case .unreachable:
      "no Kafka broker can be reached at \(servers); check the bootstrap servers, and that the brokers are up"
    case .authentication:
      "the Kafka brokers at \(servers) refused the log-in, or TLS failed\(because); "
        + "check security.protocol, sasl.* and ssl.* in the Kafka settings"
    case .notAuthorized: rights
    case .topicMissing:
      "\(topic) does not exist at \(servers); create it with `usher topics apply`"
    case .topicExists:
      "\(subject.phrase) exists already at \(servers); `usher topics check` says how it differs"
    case .brokersTooFew:
      "\(subject.phrase) is to be kept on more brokers than there are at \(servers)\(because); "
        + "give `usher topics apply` a --replication of 1, or of as many as there are"
    case .partitionMissing:
      "\(subject.phrase) has no such partition; `usher topics check` says how many there must be"
    case .fenced:
      "a newer process has taken over \(subject.phrase), and this one is shut out; "
        + "if nobody meant to start a second one, look for two with the same id"
    case .memberLost:
      "this process is no longer a member of \(subject.phrase)\(because); "
        + "its partitions are taken up again where the last commit left them"
    case .offsetOutOfRange:
      "the offset to start from is not in \(subject.phrase)\(because); "
        + "the topic was cut short by retention, or was made anew, so its state must be rebuilt"
    case .messageTooLarge:
      "a record for \(subject.phrase) is larger than allowed; "
        + "raise max.message.bytes of the topic (and message.max.bytes in the Kafka settings above 16 MiB)"
    case .queueFull:
      "the queue of records to send is full for the moment; try again once the brokers have taken some"
    case .timedOut:
      "\(subject.phrase) did not answer in time\(because); "
        + "check that the brokers at \(servers) are up and not overloaded"
    case .settings, .other:
      "\(detail.isEmpty ? String(cString: rd_kafka_err2str(code)) : detail) (\(subject.phrase) at \(servers))"
    }
  }

  private var topic: String {
    if case .topic = subject { subject.phrase } else { "a topic that \(subject.phrase) needs" }
  }

  private var because: String { detail.isEmpty ? "" : " (\(detail))" }

  /// Who may not do what: the code tells the resource, the subject its name where both speak of the same thing.
  private var rights: String {
    let named =
      switch (code, subject) {
      case (RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, .group): subject.phrase
      case (RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, _): "the consumer group"
      case (RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, .transactionalId): subject.phrase
      case (RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, .topic): subject.phrase
      case (RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, _): "the topic"
      case (_, .topic): "\(subject.phrase) in this way"
      default: "the cluster in this way"
      }
    return "this user has no right to use \(named) at \(servers); ask for an ACL that allows it"
  }
}
