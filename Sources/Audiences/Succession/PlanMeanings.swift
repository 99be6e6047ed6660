internal import Events

/// What a plan's parts mean, beyond what definitions say of them: the same definition means something else where the
/// taxonomy reads other records as its events, or drops others of them.
struct PlanMeanings {
  private let plan: Plan
  /// How each event of the taxonomy is read, by number.
  private let readings: [UInt64]
  /// How each event is read of which some are dropped. Whatever is dropped does not count among a profile's arrivals, by
  /// which every cell orders events of equal time.
  private let order: UInt64
  /// What decides who is eligible for each audience, with all that it depends on.
  private(set) var logic: [UInt64] = []

  init(_ plan: Plan) {
    self.plan = plan
    let readings = plan.taxonomy.events.map { StableText.hash(Self.reading(of: $0)) }
    self.readings = readings
    order = zip(plan.taxonomy.events, readings).filter { $0.0.unique != nil }.map(\.1).sorted()
      .reduce(0) { Hash64.mix($0, $1) }
    for number in plan.audiences.indices { logic.append(logic(of: number)) }
  }

  /// What a cell keeps of which events, apart from how many and how old.
  func cell(_ number: Int) -> UInt64 {
    let cell = plan.cells[number]
    let isLimited: Bool
    switch cell.keeping {
    case .all, .story: isLimited = true
    case .counter, .sum, .min, .max, .latest, .earliest: isLimited = false
    }
    let entries = isLimited ? UInt64(plan.policy.entries) : 0
    let marks = Hash64.mix(order, entries << 1 | (cell.keepsValueless ? 1 : 0))
    return mixed(StableText.hash(cell.meaning), marks, events(ofCell: number))
  }

  /// 0 where a trait is worked out: nothing is kept of it.
  func trait(_ trait: PlannedTrait) -> UInt64 {
    switch trait.source {
    case .identified: StableText.hash("\(plan.policy.entries) of \(trait.name)")
    case .identifier(.email): StableText.hash("identifier email")
    case .identifier(.phone): StableText.hash("identifier phone in \(plan.policy.region?.text ?? "no region")")
    case .plain, .story, .minus, .over: 0
    }
  }

  var uniques: [PlanDictionary.Unique] {
    plan.uniqueOfEvent.indices.filter { plan.uniqueOfEvent[$0] != nil }
      .map { PlanDictionary.Unique(event: $0, meaning: readings[$0]) }
  }

  /// Audiences come after those that they depend on.
  private func logic(of number: Int) -> UInt64 {
    var events: Set<Int> = []
    var others: Set<UInt64> = []
    for decision in plan.audiences[number].decisions {
      switch decision.asks {
      case .audience(let other): others.insert(logic[other])
      case .leaf(let leaf): for cell in cells(of: plan.leaves[leaf]) { events.formUnion(self.events(ofCell: cell)) }
      }
    }
    let own = plan.audiences[number].ownLogic
    return mixed(others.sorted().reduce(own) { Hash64.mix($0, $1) }, UInt64(others.count), events)
  }

  private func mixed(_ hash: UInt64, _ other: UInt64, _ events: Set<Int>) -> UInt64 {
    events.map { readings[$0] }.sorted().reduce(Hash64.mix(hash, other)) { Hash64.mix($0, $1) }
  }

  private func cells(of leaf: Leaf) -> [Int] {
    switch leaf.question {
    case .plain(let reading, _): [reading.cell, reading.since].compactMap { $0 }
    case .story(let reading, _): [reading.cell, reading.since].compactMap { $0 }
    case .trait(let trait, _): plan.traits[trait].cells
    }
  }

  private func events(ofCell number: Int) -> Set<Int> {
    var events: Set<Int> = []
    for selector in plan.selectors
    where selector.cells.contains(number) || selector.stories.contains(where: { $0.cell == number }) {
      events.formUnion(selector.events)
    }
    if let since = plan.cells[number].since { events.formUnion(self.events(ofCell: since)) }
    return events
  }

  // MARK: Taxonomy

  private static func reading(of event: EventType) -> String {
    let names = LogicText.set(event.aliases.map { LogicText.quoted(EventType.folded($0)) })
    let unique = event.unique.map { [LogicText.list("unique", [LogicText.quoted($0)])] } ?? []
    return LogicText.list("event", [LogicText.quoted(event.name)] + names + unique + readings(of: event.properties))
  }

  /// Properties by other names than their own, and those within them. What has but its own name is read like one that is
  /// not declared.
  private static func readings(of fields: [PropertyType.Field]) -> [String] {
    let texts = fields.compactMap { field -> String? in
      var inner: [String] = []
      if case .object(let fields) = field.type.element { inner = readings(of: fields) }
      if field.aliases.isEmpty && inner.isEmpty { return nil }
      return LogicText.list("as", [LogicText.quoted(field.name)] + field.aliases.map(LogicText.quoted) + inner)
    }
    return LogicText.sorted(texts)
  }
}
