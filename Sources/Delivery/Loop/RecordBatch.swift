public import Events

/// Records of one topic that are delivered together, and how far each partition is once they are.
///
/// The records' bytes are copied into one piece of memory, which is kept and used again.
public struct RecordBatch: ~Copyable {
  /// The topic's name.
  public let topic: String
  /// For each partition that the batch moves on, the offset of the next record to read.
  public private(set) var positions: [Int32: Int64] = [:]

  private var entries: [Entry] = []
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  /// How many bytes of keys and values the records have.
  public private(set) var byteCount = 0

  private struct Entry {
    let partition: Int32
    let offset: Int64
    let start: Int
    /// Negative where there is no key.
    let keyCount: Int
    /// Negative where there is no value.
    let valueCount: Int
    let origin: RecordOrigin?
  }

  /// An empty batch of a topic's records.
  public init(topic: String) {
    self.topic = topic
    capacity = 1 << 20
    buffer = .allocate(capacity: capacity + ChangeRecordReader.padding)
  }

  deinit { buffer.deallocate() }

  /// How many records there are.
  public var count: Int { entries.count }

  /// Whether delivering it would change nothing.
  public var isEmpty: Bool { entries.isEmpty && positions.isEmpty }

  /// One of the records. Its bytes are lent until the batch changes; behind each value, as many bytes are readable as
  /// readers of JSON want.
  public subscript(index: Int) -> BatchRecord {
    let entry = entries[index]
    let key = entry.keyCount < 0 ? nil : Bytes(buffer + entry.start, count: entry.keyCount)
    let valueStart = entry.start + max(0, entry.keyCount)
    let value = entry.valueCount < 0 ? nil : Bytes(buffer + valueStart, count: entry.valueCount)
    return BatchRecord(
      partition: entry.partition, offset: entry.offset, key: key, value: value, origin: entry.origin)
  }

  /// Adds a record; its bytes are copied.
  /// - Parameter origin: where it stood before, for a record that was put aside and comes again.
  public mutating func append(
    partition: Int32, offset: Int64, key: Bytes?, value: Bytes?, origin: RecordOrigin? = nil
  ) {
    let start = byteCount
    reserve((key?.count ?? 0) + (value?.count ?? 0))
    if let key { copy(key) }
    if let value { copy(value) }
    entries.append(
      Entry(
        partition: partition, offset: offset, start: start, keyCount: key?.count ?? -1, valueCount: value?.count ?? -1,
        origin: origin))
    positions[partition] = offset + 1
  }

  /// Notes that a partition has been read up to an offset, whether or not records stood before it.
  public mutating func move(_ partition: Int32, to offset: Int64) { positions[partition] = offset }

  /// Forgets everything; the memory stays.
  public mutating func clear() {
    entries.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    byteCount = 0
  }

  private mutating func copy(_ bytes: Bytes) {
    (buffer + byteCount).update(from: bytes.start, count: bytes.count)
    byteCount += bytes.count
  }

  private mutating func reserve(_ more: Int) {
    guard byteCount + more > capacity else { return }
    let room = max(capacity * 2, byteCount + more)
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: room + ChangeRecordReader.padding)
    grown.update(from: buffer, count: byteCount)
    buffer.deallocate()
    buffer = grown
    capacity = room
  }
}

/// One record of a batch.
public struct BatchRecord {
  /// The partition it came from.
  public let partition: Int32
  /// Its offset there.
  public let offset: Int64
  /// Its key; nothing where it has none.
  public let key: Bytes?
  /// Its value; nothing where it is a tombstone.
  public let value: Bytes?
  /// Where it stood before it was put aside; nothing for a record that never was.
  public let origin: RecordOrigin?
}

/// Where a record stood before it became a dead letter.
public struct RecordOrigin: Sendable, Equatable {
  /// The topic.
  public let topic: String
  /// The partition.
  public let partition: Int32
  /// The offset.
  public let offset: Int64

  /// A place of a record.
  public init(topic: String, partition: Int32, offset: Int64) {
    self.topic = topic
    self.partition = partition
    self.offset = offset
  }
}
