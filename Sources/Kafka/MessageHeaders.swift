import CKafka

/// The headers of one message, one after the other. Valid as long as the message lives.
public struct MessageHeaders: Sequence, IteratorProtocol {
  /// One header, lent: its value is valid as long as the message lives.
  public struct Header {
    /// The header's name.
    public let name: String
    /// The header's bytes, or nil for a null value.
    public let value: UnsafeRawBufferPointer?
  }

  private let headers: OpaquePointer?
  private var index = 0

  init(headers: OpaquePointer?) {
    self.headers = headers
  }

  /// The next header, or nil after the last.
  public mutating func next() -> Header? {
    guard let headers else { return nil }
    var name: UnsafePointer<CChar>?
    var value: UnsafeRawPointer?
    var size = 0
    let code = rd_kafka_header_get_all(headers, index, &name, &value, &size)
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let name else { return nil }
    index += 1
    return Header(
      name: String(cString: name), value: value.map { UnsafeRawBufferPointer(start: $0, count: size) })
  }

  /// The text of the first header of that name, or nil where there is none.
  public func text(of name: String) -> String? {
    for header in self where header.name == name {
      return header.value.map { String(decoding: $0, as: UTF8.self) }
    }
    return nil
  }
}

/// A header to send with a record.
public struct RecordHeader: Sendable, Equatable {
  /// The header's name.
  public let name: String
  /// The header's bytes, or nil for a null value.
  public let value: [UInt8]?

  /// A header with these bytes.
  public init(_ name: String, _ value: [UInt8]?) {
    self.name = name
    self.value = value
  }

  /// A header with this text, as UTF-8.
  public init(_ name: String, text: String) {
    self.init(name, Array(text.utf8))
  }
}
