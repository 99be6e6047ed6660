import CKafka

extension Client {
  /// Asks the brokers until they answer, refuse for good, or the deadline passes.
  ///
  /// librdkafka lets a call run into its time-out even where it knows better already, for instance that the log-in was
  /// refused. So the call is made in slices, and between them is looked for such news.
  /// - Parameters:
  ///   - mayPass: true where an error that is otherwise final may pass by itself.
  ///   - news: an error that came by another way, if any.
  ///   - call: asks once; its argument is the time-out in milliseconds.
  func ask(
    until deadline: Deadline, during operation: String, about subject: Subject,
    mayPass: (rd_kafka_resp_err_t) -> Bool = { _ in false },
    news: () -> rd_kafka_resp_err_t? = { nil },
    _ call: (Int32) -> rd_kafka_resp_err_t
  ) throws(KafkaError) {
    var sliceMs: Int32 = 1000
    while true {
      var code = call(max(1, min(sliceMs, deadline.remainingMs)))
      if code == RD_KAFKA_RESP_ERR_NO_ERROR {
        reports.forgetConnectionError()
        return
      }
      serve()
      if let known = news() { code = known }
      let isHopeful = ErrorCodes.fate(of: code) == .retry && !isLogInRefused
      guard isHopeful || mayPass(code), !deadline.isOver else {
        throw error(code, during: operation, about: subject)
      }
      deadline.pause(ms: 50)
      sliceMs = min(sliceMs, 16_000) * 2
    }
  }

  /// TLS errors come and go with broken connections; a refused log-in stays.
  private var isLogInRefused: Bool {
    reports.connectionError?.code == RD_KAFKA_RESP_ERR__AUTHENTICATION
  }
}
