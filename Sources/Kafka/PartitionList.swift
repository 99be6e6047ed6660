import CKafka

/// librdkafka's list of partitions, owned here.
struct PartitionList: ~Copyable {
  let list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

  init(_ partitions: some Collection<TopicPartition>) {
    list = rd_kafka_topic_partition_list_new(Int32(partitions.count))
    for partition in partitions { rd_kafka_topic_partition_list_add(list, partition.topic, partition.partition) }
  }

  init(offsets: [PartitionOffset]) {
    self.init(offsets.map(\.partition))
    for (index, item) in offsets.enumerated() { list.pointee.elems[index].offset = item.offset }
  }

  init(starts: [(TopicPartition, StartOffset)]) {
    self.init(starts.map(\.0))
    for (index, item) in starts.enumerated() { list.pointee.elems[index].offset = item.1.code }
  }

  /// Takes over a list that librdkafka made.
  init(owning list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) {
    self.list = list
  }

  deinit {
    rd_kafka_topic_partition_list_destroy(list)
  }

  var count: Int { Int(list.pointee.cnt) }

  func partition(at index: Int) -> TopicPartition {
    let element = list.pointee.elems[index]
    return TopicPartition(String(cString: element.topic), element.partition)
  }

  var partitions: [TopicPartition] { (0..<count).map { partition(at: $0) } }

  /// The offset that an operation put down, or nil where it found none.
  func offset(at index: Int) -> Int64? {
    let offset = list.pointee.elems[index].offset
    return offset >= 0 ? offset : nil
  }

  /// The first partition that an operation failed for.
  var firstError: (partition: TopicPartition, code: rd_kafka_resp_err_t)? {
    for index in 0..<count {
      let code = list.pointee.elems[index].err
      if code != RD_KAFKA_RESP_ERR_NO_ERROR { return (partition(at: index), code) }
    }
    return nil
  }

  /// Forgets the errors of a former try.
  func clearErrors() {
    for index in 0..<count { list.pointee.elems[index].err = RD_KAFKA_RESP_ERR_NO_ERROR }
  }
}

extension StartOffset {
  /// The offset, or librdkafka's number for the place.
  var code: Int64 {
    switch self {
    case .at(let offset): offset
    case .beginning: Int64(RD_KAFKA_OFFSET_BEGINNING)
    case .end: Int64(RD_KAFKA_OFFSET_END)
    case .committed: Int64(RD_KAFKA_OFFSET_STORED)
    }
  }
}
