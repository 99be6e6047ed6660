/// Builds the tree of one document from libyaml's events, within the limits.
struct Composer: ~Copyable {
  private var events: EventReader
  private let source: Source
  private let limits: ReadingLimits
  private var nodes = 0
  private static let mostMistakes = 100
  private(set) var diagnostics: [Diagnostic] = []

  /// Why no tree can be had. What is wrong has been noted already.
  private struct Refused: Error {}

  init(bytes: [UInt8], source: Source, limits: ReadingLimits) {
    events = EventReader(bytes: bytes)
    self.source = source
    self.limits = limits
  }

  /// The tree, or nil where there is none; `diagnostics` then says why.
  mutating func compose() -> Node? {
    do throws(Refused) {
      var event = try next()
      guard event.kind != .streamEnd else { return Node(.scalar(Scalar("")), at: .start) }
      event = try next()
      let root = try node(from: event, depth: 0)
      event = try next()
      guard event.kind == .streamEnd else {
        throw refuse(event.place, "a second document begins here", expected: "one document in a file, without '---'")
      }
      return root
    } catch {
      return nil
    }
  }

  /// The next event that matters: ends of documents say nothing new.
  private mutating func next() throws(Refused) -> Event {
    do throws(SyntaxError) {
      while true {
        let event = try events.next()
        if event.kind != .documentEnd { return event }
      }
    } catch {
      diagnostics.append(error.diagnostic(in: source))
      throw Refused()
    }
  }

  private mutating func node(from event: Event, depth: Int) throws(Refused) -> Node {
    nodes += 1
    guard nodes <= limits.nodes else {
      throw refuse(
        event.place, "the file holds too much", expected: "at most \(limits.nodes) values, lists and mappings")
    }
    guard depth < limits.depth else {
      throw refuse(event.place, "this is nested too deep", expected: "at most \(limits.depth) levels")
    }
    try noteProperties(of: event)
    switch event.kind {
    case .scalar(let scalar): return Node(.scalar(scalar), at: event.place)
    case .sequenceStart: return try sequence(from: event, depth: depth)
    case .mappingStart: return try mapping(from: event, depth: depth)
    default:
      throw refuse(
        event.place, "aliases (*name) are not read here", expected: "the value itself, written out where it is used")
    }
  }

  private mutating func sequence(from start: Event, depth: Int) throws(Refused) -> Node {
    var elements: [Node] = []
    while true {
      let event = try next()
      if event.kind == .sequenceEnd {
        return Node(.sequence(elements), at: Place(start: start.place.start, end: event.place.end))
      }
      elements.append(try node(from: event, depth: depth + 1))
    }
  }

  private mutating func mapping(from start: Event, depth: Int) throws(Refused) -> Node {
    var entries: [Entry] = []
    var lines: [String: Int] = [:]
    while true {
      let event = try next()
      if event.kind == .mappingEnd {
        return Node(.mapping(entries), at: Place(start: start.place.start, end: event.place.end))
      }
      let key = try key(from: event)
      let value = try node(from: next(), depth: depth + 1)
      if let line = lines[key] {
        try note(
          event.place, "\(Quoted.of(key)) stands here twice (first in line \(line))", expected: "each key once")
      } else {
        lines[key] = event.place.start.line
        entries.append(Entry(key: key, at: event.place, value: value))
      }
    }
  }

  private mutating func key(from event: Event) throws(Refused) -> String {
    guard case .scalar(let scalar) = event.kind else {
      throw refuse(event.place, "a list or a mapping cannot be a key", expected: "a word before the ':'")
    }
    try noteProperties(of: event)
    return scalar.text
  }

  /// Anchors and tags change nothing in what is read, so reading goes on; they are errors all the same.
  private mutating func noteProperties(of event: Event) throws(Refused) {
    if event.hasAnchor {
      try note(event.place, "anchors (&name) are not read here", expected: "the value without a name")
    }
    if event.hasTag {
      try note(
        event.place, "tags (!name) are not read here",
        expected: "the value alone; quotes make a number or true and false into text")
    }
  }

  /// Notes a mistake that reading goes on after, unless there have been too many.
  private mutating func note(_ place: Place, _ message: String, expected: String) throws(Refused) {
    diagnostics.append(source.error(at: place, message, expected: expected))
    guard diagnostics.count < Self.mostMistakes else {
      throw refuse(place, "reading ends here, after \(Self.mostMistakes) mistakes", expected: "a file with fewer")
    }
  }

  private mutating func refuse(_ place: Place, _ message: String, expected: String) -> Refused {
    diagnostics.append(source.error(at: place, message, expected: expected))
    return Refused()
  }
}
