import CKafka

/// What one topic, group or configuration resource got as its answer.
struct AdminAnswer {
  let code: rd_kafka_resp_err_t
  let detail: String

  init(code: rd_kafka_resp_err_t, detail: UnsafePointer<CChar>?) {
    self.code = code
    self.detail = detail.map { String(cString: $0) } ?? ""
  }
}

extension Admin {
  /// Sends one admin request and waits for its event.
  /// - Parameters:
  ///   - kind: librdkafka's name of the request, which its options want to know.
  ///   - send: makes librdkafka send it.
  ///   - read: takes the answer out of the event.
  func request<Answer>(
    _ kind: rd_kafka_admin_op_t, _ operation: String, about subject: Subject, timeoutMs: Int32,
    send: (_ options: OpaquePointer?, _ queue: OpaquePointer?) -> Void,
    read: (_ event: OpaquePointer) -> Answer
  ) throws(KafkaError) -> Answer {
    let options = rd_kafka_AdminOptions_new(client.handle, kind)
    defer { rd_kafka_AdminOptions_destroy(options) }
    let queue = rd_kafka_queue_new(client.handle)
    defer { rd_kafka_queue_destroy(queue) }
    _ = withErrorText { rd_kafka_AdminOptions_set_request_timeout(options, timeoutMs, $0, $1) }
    if [RD_KAFKA_ADMIN_OP_CREATETOPICS, RD_KAFKA_ADMIN_OP_DELETETOPICS, RD_KAFKA_ADMIN_OP_CREATEPARTITIONS]
      .contains(kind)
    {
      // The broker answers when it is done rather than when it has begun.
      _ = withErrorText { rd_kafka_AdminOptions_set_operation_timeout(options, timeoutMs, $0, $1) }
    }
    send(options, queue)
    // librdkafka answers by its own time-out; a little more is waited so that its reason is heard.
    guard let event = rd_kafka_queue_poll(queue, timeoutMs &+ 500) else {
      throw client.error(RD_KAFKA_RESP_ERR__TIMED_OUT, during: operation, about: subject)
    }
    defer { rd_kafka_event_destroy(event) }
    let answer = AdminAnswer(code: rd_kafka_event_error(event), detail: rd_kafka_event_error_string(event))
    try check(answer, operation, about: subject)
    client.reports.forgetConnectionError()
    return read(event)
  }

  func check(_ answer: AdminAnswer?, _ operation: String, about subject: Subject) throws(KafkaError) {
    guard let answer, answer.code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
    throw client.error(answer.code, during: operation, about: subject, detail: answer.detail)
  }

  /// The answer for the only topic of a request.
  static func topicAnswer(_ topics: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int) -> AdminAnswer? {
    guard count > 0, let topic = topics?[0] else { return nil }
    return AdminAnswer(
      code: rd_kafka_topic_result_error(topic), detail: rd_kafka_topic_result_error_string(topic))
  }
}
