import Events
import YAML

/// Writes a record of a known profile as JSON.
struct RecordText: ~Copyable {
  private var writer = JSONWriter(capacity: 256)

  /// Begins a record of that time.
  init(at: Instant) {
    writer.raw("{\"timestamp\":\"")
    writer.instant(at)
    writer.raw("\"")
  }

  /// Adds a text.
  mutating func add(_ key: String, _ text: String) {
    begin(key)
    writer.string(text)
  }

  /// Adds a value as the file has it; what JSON cannot say is noted.
  mutating func add(_ key: String, _ value: Node, _ findings: inout Findings) {
    begin(key)
    write(value, &findings)
  }

  /// The whole record.
  var finished: [UInt8] {
    mutating get {
      writer.raw("}")
      return Array(UnsafeBufferPointer(start: writer.bytes.start, count: writer.count))
    }
  }

  private mutating func begin(_ key: String) {
    writer.raw(",")
    writer.string(key)
    writer.raw(":")
  }

  private mutating func write(_ node: Node, _ findings: inout Findings) {
    switch node.content {
    case .scalar(let scalar): write(scalar, at: node, &findings)
    case .sequence(let elements):
      writer.raw("[")
      for (index, element) in elements.enumerated() {
        if index > 0 { writer.raw(",") }
        write(element, &findings)
      }
      writer.raw("]")
    case .mapping(let entries):
      writer.raw("{")
      for (index, entry) in entries.enumerated() {
        if index > 0 { writer.raw(",") }
        writer.string(entry.key)
        writer.raw(":")
        write(entry.value, &findings)
      }
      writer.raw("}")
    }
  }

  private mutating func write(_ scalar: Scalar, at node: Node, _ findings: inout Findings) {
    switch scalar.coreType {
    case .null: writer.raw("null")
    case .bool: writer.text(scalar.bool == true ? "true" : "false")
    case .string: writer.string(scalar.text)
    case .integer, .float:
      guard let number = DefinitionReader.number(scalar) else {
        findings.wrong(node, "a value", expected: "a number that fits 64 bits of millionths")
        return
      }
      writer.decimal(number)
    }
  }
}
