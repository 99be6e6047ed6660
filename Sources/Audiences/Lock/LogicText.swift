internal import Events

/// One text for every way to write the same logic: the order of keys and of lists, alternatives that stand twice, and
/// computed traits by another name make no difference.
///
/// Hashes of these texts are kept in files, so the texts must stay as they are from version to version: they are
/// written out here, and come from no description of the language's own types.
struct LogicText {
  private let formulas: [String: TraitDefinition.Formula]
  private let texts = Memo<String>()

  /// Texts in which these computed traits stand for what they are made of.
  init(traits: [TraitDefinition]) {
    formulas = Dictionary(traits.map { ($0.name, $0.formula) }) { first, _ in first }
  }

  /// What decides who is in an audience: condition, hold, stay, rejoin, unless, holdout.
  func of(_ audience: AudienceDefinition) -> String {
    var parts = [Self.list("when", [of(audience.condition)])]
    parts += Self.optional("hold", audience.holdFor?.ms)
    parts += Self.optional("stay", audience.stayAtMost?.ms)
    parts += Self.optional("rejoin", audience.rejoinAfter?.ms)
    if !audience.unless.isEmpty { parts.append(Self.list("unless", Self.set(audience.unless.map(Self.quoted)))) }
    if let holdout = audience.holdout {
      let end = Self.optional("until", holdout.until?.ms)
      parts.append(Self.list("holdout", ["\(holdout.hundredths)", Self.quoted(holdout.salt)] + end))
    }
    return Self.list("audience", parts)
  }

  // MARK: Conditions

  func of(_ condition: Condition) -> String {
    switch condition {
    case .all(let parts): combined("all", parts.flatMap { Self.flattened($0, isAll: true) })
    case .any(let parts): combined("any", parts.flatMap { Self.flattened($0, isAll: false) })
    case .not(.not(let part)): of(part)
    case .not(let part): Self.list("not", [of(part)])
    case .events(let leaf): of(leaf)
    case .trait(let leaf): of(leaf)
    case .audience(let key): Self.list("audience", [Self.quoted(key)])
    }
  }

  private func combined(_ head: String, _ parts: [Condition]) -> String {
    let texts = Self.set(parts.map(of))
    return texts.count == 1 ? texts[0] : Self.list(head, texts)
  }

  /// The parts of a combination within one of its own kind belong to the outer one.
  private static func flattened(_ condition: Condition, isAll: Bool) -> [Condition] {
    switch condition {
    case .all(let parts) where isAll: parts.flatMap { flattened($0, isAll: true) }
    case .any(let parts) where !isAll: parts.flatMap { flattened($0, isAll: false) }
    case .not(.not(let part)): flattened(part, isAll: isAll)
    default: [condition]
    }
  }

  func of(_ leaf: EventLeaf) -> String {
    let by = leaf.by.map { [Self.list("by", [Self.quoted($0.description)])] } ?? []
    return Self.list("events", [Self.of(leaf.query)] + by + [Self.of(leaf.measure), Self.of(leaf.predicate)])
  }

  private func of(_ leaf: TraitLeaf) -> String {
    let test =
      switch leaf.test {
      case .value(let predicate): Self.of(predicate)
      case .ago(let window): Self.list("ago", [Self.of(window)])
      case .ahead(let window): Self.list("ahead", [Self.of(window)])
      }
    return Self.list("trait", [trait(leaf.name), test])
  }

  /// What a trait is made of; its name where `identify` sets it. What it is made of in turn stands as a hash: a trait
  /// can be made of others in more ways than a text has room for.
  private func trait(_ name: String) -> String {
    texts.value(of: name) {
      switch formulas[name] {
      case .none: Self.quoted(name)
      case .measure(let query, let measure): Self.list("measure", [Self.of(query), Self.of(measure)])
      case .minus(let left, let right): Self.list("minus", [left, right].map { LockEntry.hash(trait($0)) })
      case .over(let left, let right): Self.list("over", [left, right].map { LockEntry.hash(trait($0)) })
      }
    }
  }
}
