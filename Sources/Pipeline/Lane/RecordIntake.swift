internal import Audiences
internal import Events
internal import Kafka

/// Reads the records of Kafka: it lends their bytes to the reader with the room behind them that it wants.
struct RecordIntake: ~Copyable {
  private(set) var reader: RecordReader
  private var buffer: UnsafeMutablePointer<UInt8>
  private static let capacity = RecordReader.largestBytes + RecordReader.padding

  init(_ plan: Plan) {
    var names = plan.names
    reader = RecordReader(plan.taxonomy, names: &names)
    buffer = .allocate(capacity: Self.capacity)
    buffer.initialize(repeating: 0, count: Self.capacity)
  }

  deinit { buffer.deallocate() }

  /// What a message comes to. The bytes are copied once, since nothing may be read behind those of a message.
  mutating func read(_ value: UnsafeRawBufferPointer) -> Reading {
    guard value.count <= RecordReader.largestBytes else { return .rejected(.tooLarge) }
    if let start = value.baseAddress { UnsafeMutableRawPointer(buffer).copyMemory(from: start, byteCount: value.count) }
    return reader.read(Bytes(buffer, count: value.count))
  }
}
