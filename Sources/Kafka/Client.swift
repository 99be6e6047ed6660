import CKafka
import Glibc
import Synchronization

/// One client of librdkafka, with the objects that its callbacks speak to. Consumers, producers and topic handles share
/// it, so that librdkafka's rule (topics are destroyed before their client) follows from who holds whom.
///
/// `@unchecked Sendable`: librdkafka's own functions may be called from any thread; what is not safe to share is the
/// state of the consumer and the producers above, and those are not Sendable.
final class Client: @unchecked Sendable {
  enum Role { case consumer, producer }

  let handle: OpaquePointer
  let reports: ClientReports
  let servers: String
  private let role: Role
  private let isEnded = Atomic<Bool>(false)
  private let callsAside = Atomic<Int>(0)

  init(_ role: Role, _ configuration: consuming Configuration, _ settings: KafkaSettings) throws(KafkaError) {
    self.role = role
    let reports = ClientReports(log: settings.log)
    self.reports = reports
    servers = settings.bootstrapServers
    configuration.withHandle { reports.install(in: $0) }
    // Where librdkafka refuses, the configuration is leaked on purpose: 2.0.2 may have freed its interceptors already
    // (fixed in 2.13.0), and a process with bad settings does not live long.
    let pointer = configuration.take()
    let type = role == .consumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER
    let (made, reason) = withErrorText { text, capacity in rd_kafka_new(type, pointer, text, capacity) }
    guard let made else { throw .settings("librdkafka does not take the Kafka settings: \(reason)") }
    handle = made
  }

  deinit {
    // Closing is the consumer's own, bounded affair; a consumer that was not closed is left to its session timeout.
    if !isEnded.load(ordering: .acquiring) { destroy() }
  }

  /// Closes and destroys the client of librdkafka, waiting at most `timeoutMs`. Nothing may use the client afterwards.
  /// - Returns: false when it was not done in time; a thread of its own goes on with it.
  func end(timeoutMs: Int32) -> Bool {
    guard !isEnded.exchange(true, ordering: .acquiringAndReleasing) else { return true }
    let ended: Void? = onSideThread(timeoutMs: timeoutMs) {
      if self.role == .consumer { rd_kafka_consumer_close(self.handle) }
      // A call aside that was given up may still be in librdkafka.
      while self.callsAside.load(ordering: .acquiring) > 0 { usleep(1000) }
      self.destroy()
    }
    return ended != nil
  }

  /// Makes a call that may block for too long on a thread of its own, and waits at most `timeoutMs` for its result.
  @discardableResult
  func aside<Result: Sendable>(
    timeoutMs: Int32, _ call: @escaping @Sendable (_ handle: OpaquePointer) -> Result
  ) -> Result? {
    callsAside.add(1, ordering: .acquiringAndReleasing)
    return onSideThread(timeoutMs: timeoutMs) {
      defer { self.callsAside.subtract(1, ordering: .acquiringAndReleasing) }
      return call(self.handle)
    }
  }

  private func destroy() {
    rd_kafka_destroy_flags(handle, role == .consumer ? RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE : 0)
  }

  /// Lets librdkafka call back with what it has to report, waiting at most `timeoutMs` for something.
  func serve(timeoutMs: Int32 = 0) {
    rd_kafka_poll(handle, timeoutMs)
  }

  /// The error for a code that a call returned.
  func error(
    _ code: rd_kafka_resp_err_t, during operation: String, about subject: Subject, detail: String = "",
    fate: KafkaError.Fate? = nil
  ) -> KafkaError {
    serve()
    if code == RD_KAFKA_RESP_ERR__FATAL { return fatalError(during: operation, about: subject) }
    let kind = ErrorCodes.kind(of: code)
    // A call that times out does not say why; what the brokers' connections last reported often does.
    if kind == .timedOut || kind == .unreachable, let last = reports.connectionError {
      return KafkaError(
        last.code, during: operation, about: subject, detail: last.reason, fate: fate, servers: servers)
    }
    return KafkaError(code, during: operation, about: subject, detail: detail, fate: fate, servers: servers)
  }

  /// The error that made this client useless.
  private func fatalError(during operation: String, about subject: Subject) -> KafkaError {
    let (code, reason) = withErrorText { text, capacity in rd_kafka_fatal_error(handle, text, capacity) }
    return KafkaError(code, during: operation, about: subject, detail: reason, fate: .fatal, servers: servers)
  }

  /// Throws for an error object of librdkafka, which is destroyed in any case. No object means success.
  func check(_ error: OpaquePointer?, during operation: String, about subject: Subject) throws(KafkaError) {
    guard let error else { return }
    defer { rd_kafka_error_destroy(error) }
    let code = rd_kafka_error_code(error)
    let detail = String(cString: rd_kafka_error_string(error))
    // Of the three marks that librdkafka gives, none at all means fatal too (rdkafka.h says so).
    let fate: KafkaError.Fate =
      if rd_kafka_error_txn_requires_abort(error) != 0 {
        .abort
      } else if rd_kafka_error_is_retriable(error) != 0 {
        .retry
      } else {
        .fatal
      }
    throw self.error(code, during: operation, about: subject, detail: detail, fate: fate)
  }
}
