import Events

/// When an audience can change by time passing alone, in words.
struct TimeChanges {
  let project: ProjectIndex
  private let changing = Memo<Bool>()

  init(project: ProjectIndex) { self.project = project }

  /// Each a phrase: `2 hours and 24 hours after the latest Checkout Started`. Empty where only events change it.
  func of(_ audience: AudienceDefinition) -> [String] {
    var phrases = ofEligibility(audience)
    if let end = audience.holdout?.until { phrases.append("on \(DateWords.of(end)), when the holdout ends") }
    let others = project.suppressors(of: audience) + (project.group(of: audience.key)?.before ?? [])
    for key in others where changes(key) { phrases.append("whenever time changes \(key)") }
    return Self.unique(phrases)
  }

  private func ofEligibility(_ audience: AudienceDefinition) -> [String] {
    var phrases = Statement(audience.condition).leaves.flatMap { of($0.condition) }
    if let hold = audience.holdFor { phrases.append("\(DurationWords.of(hold)) after the condition came true") }
    if let stay = audience.stayAtMost { phrases.append("\(DurationWords.of(stay)) after coming in") }
    if let rejoin = audience.rejoinAfter { phrases.append("\(DurationWords.of(rejoin)) after having gone out") }
    if let end = audience.retireOn { phrases.append("on \(DateWords.of(end)), when everyone goes out") }
    return Self.unique(phrases)
  }

  private func changes(_ key: String) -> Bool {
    changing.value(of: key) { project.audience(key).map { !ofEligibility($0).isEmpty } ?? false }
  }

  private func of(_ leaf: Condition) -> [String] {
    switch leaf {
    case .events(let leaf): Self.of(leaf.query)
    case .trait(let leaf): of(leaf)
    case .audience(let key): changes(key) ? ["whenever time changes \(key)"] : []
    case .all, .any, .not: []
    }
  }

  private func of(_ leaf: TraitLeaf) -> [String] {
    let inner = ofTrait(leaf.name)
    switch leaf.test {
    case .value: return inner
    case .ago(let window): return inner + Self.phrase(window, "after \(leaf.name)")
    case .ahead(let window):
      guard window.from.ms == 0 else { return inner + ["\(Self.both(window.to, window.from)) before \(leaf.name)"] }
      return inner + ["\(DurationWords.of(window.to)) before \(leaf.name), and at that time"]
    }
  }

  /// When a trait can change by time passing alone.
  func ofTrait(_ name: String) -> [String] {
    let phrases = project.bases(of: name).flatMap { base -> [String] in
      if case .measure(let query, _) = project.formula(base.name) { Self.of(query) } else { [] }
    }
    return Self.unique(phrases)
  }

  private static func of(_ query: EventQuery) -> [String] {
    guard let window = query.window else { return [] }
    let which = query.pick.map { "the \($0.inWords)" } ?? "each"
    return phrase(window, "after \(which) \(EventWords.noun(query.events))")
  }

  private static func phrase(_ window: Window, _ anchor: String) -> [String] {
    if window.from == window.to { return [] }
    return [(window.from.ms == 0 ? DurationWords.of(window.to) : both(window.from, window.to)) + " " + anchor]
  }

  private static func both(_ first: DurationMs, _ second: DurationMs) -> String {
    "\(DurationWords.of(first)) and \(DurationWords.of(second))"
  }

  private static func unique(_ phrases: [String]) -> [String] {
    var seen: Set<String> = []
    return phrases.filter { seen.insert($0).inserted }
  }
}
