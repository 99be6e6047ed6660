import CYAML

/// One event of libyaml's parser, as a Swift value.
struct Event {
  enum Kind: Equatable {
    case documentStart, documentEnd, streamEnd
    case scalar(Scalar)
    case sequenceStart, sequenceEnd
    case mappingStart, mappingEnd
    case alias
  }

  let kind: Kind
  let place: Place
  var hasAnchor = false
  var hasTag = false
}

/// What libyaml says of broken text.
struct SyntaxError: Error {
  /// What it was reading, in its own words; empty where it does not say.
  let context: String
  /// What it stumbled over, in its own words.
  let problem: String
  /// Where.
  enum Spot {
    case position(Position)
    case byte(Int)
  }
  let spot: Spot
  /// Where that began which it was reading, if it says.
  let begun: Position?
}

/// libyaml's parser: owns its memory and the bytes that it reads, and gives one event after another.
struct EventReader: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeMutableBufferPointer<UInt8>

  init(bytes: [UInt8]) {
    input = .allocate(capacity: bytes.count)
    _ = input.initialize(from: bytes)
    parser = .allocate(capacity: 1)
    precondition(yaml_parser_initialize(parser) == 1, "libyaml has no memory for a parser")
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    input.deallocate()
  }

  /// The next event. After `streamEnd`, and after an error, it must not be asked again.
  mutating func next() throws(SyntaxError) -> Event {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
      defer { yaml_event_delete(&event) }
      if event.type != YAML_STREAM_START_EVENT { return Self.translated(event) }
    }
  }

  private static func translated(_ event: yaml_event_t) -> Event {
    let place = Place(start: position(event.start_mark), end: position(event.end_mark))
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: return Event(kind: .documentStart, place: place)
    case YAML_DOCUMENT_END_EVENT: return Event(kind: .documentEnd, place: place)
    case YAML_SEQUENCE_END_EVENT: return Event(kind: .sequenceEnd, place: place)
    case YAML_MAPPING_END_EVENT: return Event(kind: .mappingEnd, place: place)
    case YAML_ALIAS_EVENT: return Event(kind: .alias, place: place)
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return Event(kind: .sequenceStart, place: place, hasAnchor: start.anchor != nil, hasTag: start.tag != nil)
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return Event(kind: .mappingStart, place: place, hasAnchor: start.anchor != nil, hasTag: start.tag != nil)
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      let style: Scalar.Style = scalar.style == YAML_PLAIN_SCALAR_STYLE ? .plain : .quoted
      return Event(
        kind: .scalar(Scalar(text, style: style)), place: place, hasAnchor: scalar.anchor != nil,
        hasTag: scalar.tag != nil)
    default: return Event(kind: .streamEnd, place: place)
    }
  }

  private static func position(_ mark: yaml_mark_t) -> Position {
    Position(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }

  private func syntaxError() -> SyntaxError {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "this cannot be read"
    let context = parser.pointee.context.map { String(cString: $0) } ?? ""
    let spot: SyntaxError.Spot =
      parser.pointee.error == YAML_READER_ERROR
      ? .byte(parser.pointee.problem_offset) : .position(Self.position(parser.pointee.problem_mark))
    let begun = parser.pointee.context == nil ? nil : Self.position(parser.pointee.context_mark)
    return SyntaxError(context: context, problem: problem, spot: spot, begun: begun)
  }
}
