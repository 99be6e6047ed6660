import Events
import YAML

/// How long a condition can stay true once nothing happens any more.
struct Reach {
  /// The age from which on it is false.
  var to: DurationMs
  /// How long it is true before.
  var span: DurationMs
  /// The events whose age ends it: none where the stay does, and `nil` where a time that `identify` sets does.
  var events: [String]?
  /// Where that is said.
  var place: Place?

  init(_ window: Window, events: [String]?, place: Place?) {
    to = window.to
    span = DurationMs(ms: max(0, window.to.ms - window.from.ms))
    self.events = events
    self.place = place
  }
}

extension LintSubject {
  /// How long somebody can be in the audience without doing anything more; `nil` where there is no end to it.
  var reach: Reach? {
    let byCondition = shop.reach(of: audience.condition, at: file.node("when"), isWanted: true)
    guard let stay = audience.stayAtMost else { return byCondition }
    return byCondition.first(with: Reach(stay: stay, place: file.place(of: "stay_at_most")))
  }

  /// Where that is said.
  func place(of reach: Reach) -> Place { reach.place ?? file.place(of: "when") }
}

extension Reach {
  fileprivate init(stay: DurationMs, place: Place?) {
    self.init(Window(from: DurationMs(ms: 0), to: stay), events: [], place: place)
  }
}

extension Reach? {
  /// The one that ends first.
  fileprivate func first(with other: Reach) -> Reach { map { $0.to < other.to ? $0 : other } ?? other }
}

extension LintShop {
  /// The reach of a condition, or, where it is not wanted, of its contrary. Its node tells places; without one, there
  /// are none.
  fileprivate func reach(of condition: Condition, at node: Node?, isWanted: Bool) -> Reach? {
    switch condition {
    case .all(let parts): joined(parts, node?["all"], isWanted, first: isWanted)
    case .any(let parts): joined(parts, node?["any"], isWanted, first: !isWanted)
    case .not(let part): reach(of: part, at: node?["not"], isWanted: !isWanted)
    case .events(let leaf):
      leaf.query.window.flatMap { window in
        leaf.holdsOfNothing == isWanted ? nil : Reach(window, events: leaf.query.events.names, place: place(in: node))
      }
    case .trait(let leaf): isWanted ? reach(of: leaf, at: node) : nil
    case .audience(let key): isWanted ? reach(ofAudience: key, at: node) : nil
    }
  }

  /// The first to end where every part is needed, else the last one: none where a part has no end.
  private func joined(_ parts: [Condition], _ node: Node?, _ isWanted: Bool, first: Bool) -> Reach? {
    let nodes = node?.sequence ?? []
    let reaches = parts.enumerated().map { index, part in
      reach(of: part, at: nodes.indices.contains(index) ? nodes[index] : nil, isWanted: isWanted)
    }
    if first { return reaches.compactMap { $0 }.min { $0.to < $1.to } }
    return reaches.contains { $0 == nil } ? nil : reaches.compactMap { $0 }.max { $0.to < $1.to }
  }

  private func reach(of leaf: TraitLeaf, at node: Node?) -> Reach? {
    switch leaf.test {
    case .ago(let window), .ahead(let window):
      return Reach(window, events: formula(leaf.name).map(\.events), place: place(in: node))
    case .value(let predicate):
      let reaches = bases(of: leaf.name).map { reach(ofTrait: $0.name, predicate, at: node) }
      return reaches.contains { $0 == nil } ? nil : reaches.compactMap { $0 }.max { $0.to < $1.to }
    }
  }

  private func reach(ofTrait name: String, _ predicate: Predicate, at node: Node?) -> Reach? {
    guard case .measure(let query, let measure) = formula(name), let window = query.window else { return nil }
    let leaf = EventLeaf(query: query, measure: measure, predicate: predicate)
    return leaf.holdsOfNothing ? nil : Reach(window, events: query.events.names, place: place(in: node))
  }

  private func reach(ofAudience key: String, at node: Node?) -> Reach? {
    var ofAudience = reaches.value(of: key) {
      guard let audience = audience(key) else { return nil }
      let byCondition = reach(of: audience.condition, at: nil, isWanted: true)
      return audience.stayAtMost.map { byCondition.first(with: Reach(stay: $0, place: nil)) } ?? byCondition
    }
    ofAudience?.place = place(in: node)
    return ofAudience
  }

  /// The window of a leaf, or the leaf's first key.
  private func place(in node: Node?) -> Place? {
    guard let node, let entries = node.mapping else { return nil }
    if let inner = node["ago"] ?? node["ahead"] { return place(in: inner) }
    return (entries.first { ["within", "between"].contains($0.key) } ?? entries.first)?.keyPlace
  }
}

extension TraitDefinition.Formula {
  /// The events that it is a measure of.
  fileprivate var events: [String] {
    if case .measure(let query, _) = self { query.events.names } else { [] }
  }
}
