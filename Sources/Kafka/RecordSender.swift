import CKafka

/// What both producers share: topics, and handing records to librdkafka.
final class RecordSender {
  let client: Client
  private let isTransactional: Bool
  private var topics: [String: ProducerTopic] = [:]
  private var sent: UInt32 = 0

  init(_ configuration: consuming Configuration, _ settings: KafkaSettings, transactional: Bool) throws(KafkaError) {
    client = try Client(.producer, configuration, settings)
    isTransactional = transactional
  }

  func topic(_ name: String, timeoutMs: Int32) throws(KafkaError) -> ProducerTopic {
    if let known = topics[name] { return known }
    let made = try ProducerTopic(name, of: client, timeoutMs: timeoutMs)
    topics[name] = made
    return made
  }

  func close(timeoutMs: Int32) -> Bool {
    for topic in topics.values { topic.close() }
    topics = [:]
    return client.end(timeoutMs: timeoutMs)
  }

  /// Hands one record over; librdkafka copies its bytes.
  func send(
    _ topic: ProducerTopic, _ partition: Int32?, key: RawSpan?, value: RawSpan?, timestampMs: Int64?,
    headers: [RecordHeader]
  ) throws(KafkaError) {
    // Refused here, because with an unknown partition librdkafka before 2.12.0 may free the headers twice.
    if let partition, partition < 0 || partition >= topic.partitionCount {
      throw client.error(
        RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, during: "write to \(topic.name)[\(partition)]", about: .topic(topic.name))
    }
    let target = partition ?? rdPartitionUnassigned
    let code =
      if timestampMs == nil, headers.isEmpty {
        plain(topic, target, key, value)
      } else {
        full(topic, target, key, value, timestampMs ?? 0, headers)
      }
    sent &+= 1
    if sent & 1023 == 0 { client.serve() }
    if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw refusal(code, topic) }
  }

  private func refusal(_ code: rd_kafka_resp_err_t, _ topic: ProducerTopic) -> KafkaError {
    // Give librdkafka the chance to make room before the caller tries again.
    if code == RD_KAFKA_RESP_ERR__QUEUE_FULL { client.serve(timeoutMs: 10) }
    // In a transaction, "wrong state" means that it has failed already and waits to be aborted.
    let isFailedTransaction = isTransactional && code == RD_KAFKA_RESP_ERR__STATE
    return client.error(
      code, during: "write to topic '\(topic.name)'", about: .topic(topic.name),
      detail: isFailedTransaction ? "the transaction has failed already and must be aborted" : "",
      fate: isFailedTransaction ? .abort : nil)
  }

  private func plain(
    _ topic: ProducerTopic, _ partition: Int32, _ key: RawSpan?, _ value: RawSpan?
  ) -> rd_kafka_resp_err_t {
    withBytes(of: key) { keyStart, keyCount in
      withBytes(of: value) { valueStart, valueCount in
        let status = rd_kafka_produce(
          topic.handle, partition, Int32(RD_KAFKA_MSG_F_COPY), UnsafeMutableRawPointer(mutating: valueStart),
          valueCount, keyStart, keyCount, nil)
        return status == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error()
      }
    }
  }

  private func full(
    _ topic: ProducerTopic, _ partition: Int32, _ key: RawSpan?, _ value: RawSpan?, _ timestampMs: Int64,
    _ headers: [RecordHeader]
  ) -> rd_kafka_resp_err_t {
    let list = headers.isEmpty ? nil : copy(headers)
    let error = withBytes(of: key) { keyStart, keyCount in
      withBytes(of: value) { valueStart, valueCount in
        withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: 7) { fields in
          fields.initialize(repeating: rd_kafka_vu_t())
          fields[0].vtype = RD_KAFKA_VTYPE_RKT
          fields[0].u.rkt = topic.handle
          fields[1].vtype = RD_KAFKA_VTYPE_PARTITION
          fields[1].u.i32 = partition
          fields[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS
          fields[2].u.i = Int32(RD_KAFKA_MSG_F_COPY)
          fields[3].vtype = RD_KAFKA_VTYPE_KEY
          fields[3].u.mem = .init(ptr: UnsafeMutableRawPointer(mutating: keyStart), size: keyCount)
          fields[4].vtype = RD_KAFKA_VTYPE_VALUE
          fields[4].u.mem = .init(ptr: UnsafeMutableRawPointer(mutating: valueStart), size: valueCount)
          fields[5].vtype = RD_KAFKA_VTYPE_TIMESTAMP
          fields[5].u.i64 = timestampMs
          fields[6].vtype = RD_KAFKA_VTYPE_HEADERS
          fields[6].u.headers = list
          return rd_kafka_produceva(client.handle, fields.baseAddress, list == nil ? 6 : 7)
        }
      }
    }
    guard let error else { return RD_KAFKA_RESP_ERR_NO_ERROR }
    defer { rd_kafka_error_destroy(error) }
    // The headers are librdkafka's after a success only.
    if let list { rd_kafka_headers_destroy(list) }
    return rd_kafka_error_code(error)
  }

  private func copy(_ headers: [RecordHeader]) -> OpaquePointer? {
    let list = rd_kafka_headers_new(headers.count)
    for header in headers {
      if let value = header.value {
        value.withUnsafeBytes { bytes in
          _ = withBytes(of: bytes.bytes) { rd_kafka_header_add(list, header.name, -1, $0, $1) }
        }
      } else {
        rd_kafka_header_add(list, header.name, -1, nil, 0)
      }
    }
    return list
  }
}

/// Lends bytes to C, where no pointer means "null" and any other pointer with a count of 0 means "empty".
private func withBytes<Result>(
  of span: RawSpan?, _ body: (UnsafeRawPointer?, Int) -> Result
) -> Result {
  guard let span else { return body(nil, 0) }
  return span.withUnsafeBytes { bytes in
    if let start = bytes.baseAddress, bytes.count > 0 { return body(start, bytes.count) }
    return withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { body($0.baseAddress, 0) }
  }
}
