import CKafka

/// The topics that a consumer has met, by librdkafka's pointer, so that no record costs a string.
/// It holds a reference to each, so that a pointer is never used again for another topic.
struct TopicTable: ~Copyable {
  private(set) var names: [String] = []
  private var pointers: [OpaquePointer] = []
  private var lastPointer: OpaquePointer?
  private var lastIndex = 0

  deinit {
    for pointer in pointers { rd_kafka_topic_destroy(pointer) }
  }

  /// The topic's place in `names`. Records mostly come in runs of one topic, so the last one is looked at first.
  mutating func index(of pointer: OpaquePointer, in client: OpaquePointer) -> Int {
    if pointer == lastPointer { return lastIndex }
    lastIndex = pointers.firstIndex(of: pointer) ?? add(pointer, client)
    lastPointer = pointer
    return lastIndex
  }

  private mutating func add(_ pointer: OpaquePointer, _ client: OpaquePointer) -> Int {
    let name = String(cString: rd_kafka_topic_name(pointer))
    guard let held = rd_kafka_topic_new(client, name, nil) else {
      preconditionFailure("librdkafka has no handle for topic '\(name)' of a record that it gave")
    }
    pointers.append(held)
    names.append(name)
    return names.count - 1
  }
}
