internal import CSimdjson

/// Reads JSON with simdjson, one document at a time, into nodes that point into the caller's bytes.
struct JSONReader: ~Copyable {
  private let reader: OpaquePointer

  /// How many bytes behind a document's last must be readable.
  static let padding = usher_json_padding()

  /// How many documents there are at a time.
  static let kept = Int(USHER_JSON_KEPT)

  init() {
    guard let reader = usher_json_reader_new() else { fatalError("out of memory: no room for a JSON reader") }
    self.reader = reader
  }

  deinit { usher_json_reader_free(reader) }

  /// The document, valid until `kept` further ones are read and as long as `text` is; `nil` where the text is not JSON.
  mutating func read(_ text: Bytes) -> JSONDocument? {
    var document = usher_json_document()
    let status = text.start.withMemoryRebound(to: CChar.self, capacity: text.count) {
      usher_json_read(reader, $0, text.count, &document)
    }
    guard status == Int32(USHER_JSON_OK), let nodes = document.nodes else { return nil }
    return JSONDocument(nodes: nodes, count: document.count, shape: document.shape)
  }

  /// Learns the shape of a document that was just read from `text`: what its nodes say of their keys comes with further
  /// documents of that shape.
  ///
  /// - Parameter fixed: the nodes whose values are part of the shape, in the order of the document.
  /// - Returns: the shape's number, one more than that of the one learnt last, or 0 where all former ones are given up;
  ///   `nil` where it cannot be learnt.
  mutating func learn(_ document: JSONDocument, of text: Bytes, fixed: [UInt32]) -> Int? {
    var read = usher_json_document(nodes: document.nodes, count: document.count, shape: document.shape)
    let number = text.start.withMemoryRebound(to: CChar.self, capacity: text.count) {
      usher_json_learn(reader, $0, text.count, &read, fixed, fixed.count)
    }
    return number < 0 ? nil : Int(number)
  }
}

/// A document as a flat list: node 0 is the document, and what a container holds stands right behind it.
struct JSONDocument {
  let nodes: UnsafeMutablePointer<usher_json_node>
  let count: Int
  /// The number of its shape; negative where that was not learnt.
  let shape: Int32

  /// What stands for a member that is not there: node 0 is the document itself.
  static let nowhere: Int32 = 0

  /// A document without nodes. Nobody looks into it.
  static var empty: JSONDocument { JSONDocument(nodes: noNodes, count: 0, shape: -1) }
  private nonisolated(unsafe) static let noNodes = UnsafeMutablePointer<usher_json_node>.allocate(capacity: 1)

  enum Kind: UInt8 {
    case null, no, yes, number, string, array, object
  }

  @inline(__always) func kind(_ node: Int) -> Kind {
    Kind(rawValue: nodes[node].kind).unsafelyUnwrapped  // the reader writes no other
  }

  /// The index of the node that follows this one and all it holds.
  @inline(__always) func next(_ node: Int) -> Int { Int(nodes[node].end) }

  @inline(__always) func key(_ node: Int) -> Bytes { Self.bytes(nodes[node].key, nodes[node].key_length) }

  @inline(__always) func text(_ node: Int) -> Bytes { Self.bytes(nodes[node].text, nodes[node].length) }

  /// What the key means: a number of `PropertyNames`.
  @inline(__always) func name(_ node: Int) -> UInt16 { nodes[node].name }

  /// Zero where the key is the property's canonical name, else the place of the key among its aliases, from 1.
  @inline(__always) func rank(_ node: Int) -> UInt8 { nodes[node].flags }

  /// Notes what the key means.
  @inline(__always) func note(_ node: Int, name: UInt16, rank: UInt8) {
    nodes[node].name = name
    nodes[node].flags = rank
  }

  /// `null` and `[]` are absent (language, section 2).
  func isAbsent(_ node: Int) -> Bool {
    switch kind(node) {
    case .null: true
    case .array: next(node) == node + 1
    default: false
    }
  }

  @inline(__always) private static func bytes(_ start: UnsafePointer<CChar>?, _ length: UInt32) -> Bytes {
    guard let start else { return .empty }
    return Bytes(UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: Int(length))
  }
}
