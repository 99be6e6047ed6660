import Events

/// A condition with its texts at hand: they are made once for each audience, and compared with those of every other.
struct Outline {
  let condition: Condition
  /// What the condition says; equal for equal logic.
  let text: String
  /// The same without the lengths of windows.
  let form: String
  /// The parts of a combination, or what is denied.
  let parts: [Outline]

  init(_ condition: Condition, texts: LogicText) {
    self.condition = condition
    text = texts.of(condition)
    form = texts.of(condition.withoutWindows)
    parts =
      switch condition {
      case .all(let parts), .any(let parts): parts.map { Outline($0, texts: texts) }
      case .not(let part): [Outline(part, texts: texts)]
      case .events, .trait, .audience: []
      }
  }
}

extension Condition {
  private static let anyWindow = Window(from: DurationMs(ms: 0), to: DurationMs(ms: 0))

  /// The window of a leaf.
  var window: Window? {
    switch self {
    case .events(let leaf): return leaf.query.window
    case .trait(let leaf):
      switch leaf.test {
      case .ago(let window), .ahead(let window): return window
      case .value: return nil
      }
    case .all, .any, .not, .audience: return nil
    }
  }

  /// The condition with one and the same window wherever a leaf has any.
  fileprivate var withoutWindows: Condition {
    switch self {
    case .all(let parts): return .all(parts.map(\.withoutWindows))
    case .any(let parts): return .any(parts.map(\.withoutWindows))
    case .not(let part): return .not(part.withoutWindows)
    case .events(var leaf):
      if leaf.query.window != nil { leaf.query.window = Self.anyWindow }
      return .events(leaf)
    case .trait(let leaf):
      switch leaf.test {
      case .ago: return .trait(TraitLeaf(name: leaf.name, test: .ago(Self.anyWindow)))
      case .ahead: return .trait(TraitLeaf(name: leaf.name, test: .ahead(Self.anyWindow)))
      case .value: return self
      }
    case .audience: return self
    }
  }
}
