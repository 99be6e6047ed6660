import Events

/// Descriptions of what a project defines.
extension Project {
  /// Describes every audience, by key. `state` says what the engine keeps for each.
  public func describeAudiences(state: [String: [StateLine]] = [:]) -> [AudienceDescription] {
    let describer = Describer(self)
    return audiences.map { describer.describe($0, state: state[$0.key] ?? []) }
  }

  /// Describes one audience; `nil` where there is none of that key.
  public func describe(audience key: String, state: [StateLine] = []) -> AudienceDescription? {
    let describer = Describer(self)
    return describer.index.audience(key).map { describer.describe($0, state: state) }
  }

  /// Describes a trait, computed or set by `identify`; `nil` where there is none of that name.
  public func describe(trait name: String) -> TraitDescription? {
    let describer = Describer(self)
    guard describer.index.formula(name) != nil || taxonomy.trait(named: name) != nil else { return nil }
    return describer.trait(name)
  }
}

private struct Describer {
  let index: ProjectIndex
  private let changes: TimeChanges

  init(_ project: Project) {
    index = ProjectIndex(project)
    changes = TimeChanges(project: index)
  }

  private var project: Project { index.project }

  func describe(_ audience: AudienceDefinition, state: [StateLine]) -> AudienceDescription {
    let mentions = Mentions(of: audience.condition)
    let names = index.withParts(mentions.traits + audience.entry.include + audience.exit.include)
    let looked = index.withParts(mentions.traits)
    return AudienceDescription(
      audience: audience, sentence: AudienceSentence(audience: audience, project: index).text,
      conditions: index.words.lines(Statement(audience.condition)),
      rules: RuleWords(audience: audience, project: index).sentences,
      timeChanges: changes.of(audience), audiences: unique(mentions.audiences + index.suppressors(of: audience)),
      traits: names.map(trait), events: unique(mentions.events + looked.flatMap(events)),
      usedBy: users(of: audience.key), destinations: DestinationWords(audience: audience).sentences, state: state)
  }

  func trait(_ name: String) -> TraitDescription {
    TraitDescription(
      name: name, phrase: phrase(name), isComputed: index.formula(name) != nil,
      traits: parts(name), events: unique(index.withParts([name]).flatMap(events)), timeChanges: changes.ofTrait(name),
      usedBy: users(ofTrait: name))
  }

  private func phrase(_ name: String) -> String {
    if let formula = index.formula(name) { return TraitWords.phrase(formula) }
    let type = project.taxonomy.trait(named: name)?.type
    return (type.map { $0.inWords + " " } ?? "") + "that 'identify' sets"
  }

  // MARK: What it depends on

  private func parts(_ name: String) -> [String] {
    index.formula(name).map { TraitDefinition(name: name, formula: $0).parts } ?? []
  }

  private func events(_ trait: String) -> [String] {
    index.formula(trait).map { Mentions(of: TraitDefinition(name: trait, formula: $0)).events } ?? []
  }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  // MARK: What depends on it

  private func users(of key: String) -> [String] {
    var users: [String] = []
    for other in project.audiences {
      if Mentions(of: other.condition).audiences.contains(key) { users.append("The condition of \(other.key).") }
      if other.unless.contains(key) { users.append("\(other.key), which leaves these people out.") }
    }
    let policy = project.policy.suppression
    let purposes = policy.purposes.filter { $0 != .suppress }.map(\.rawValue)
    if policy.audiences.contains(key), !purposes.isEmpty {
      users.append("The policy, which keeps these people out of every audience to \(Words.list(purposes, "or")).")
    }
    if let group = index.group(of: key), !group.after.isEmpty {
      users.append("\(Words.list(group.after)), which \(group.after.count == 1 ? "gives" : "give") way to it.")
    }
    return users
  }

  private func users(ofTrait name: String) -> [String] {
    let audiences = project.audiences.filter { audience in
      Mentions(of: audience.condition).traits.contains(name) || audience.entry.include.contains(name)
        || audience.exit.include.contains(name)
    }
    return audiences.map(\.key) + project.traits.filter { $0.parts.contains(name) }.map(\.name)
  }
}
