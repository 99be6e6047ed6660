internal import Events

/// Stories: what `gap`, `followed_by`, `not_followed_by`, `by` and the measures that look at values are read from.
extension PlanCompiler {
  mutating func story(_ query: EventQuery, by: PropertyPath?, _ measure: Measure) -> StoryReading {
    var draft = StoryDraft(asked: selector(query.events))
    let sequels = query.sequels.map { planned($0, after: Story.asked, &draft) }
    let by = by.map { slot($0, .hashes, roles: Story.asked, &draft) }
    let told = self.planned(measure, &draft)
    let since = query.since.map { newest(of: $0) }
    let required = draft.required(query, told, by: by)
    let story = Story(
      slots: draft.slots, keepsPredecessor: query.gap != nil, required: required,
      maxAge: query.pick == .first ? nil : query.window?.to, keepsOldest: query.keepsOldest(told),
      most: query.most(told, by: by) ?? policy.entries, isLimited: query.most(told, by: by) == nil)
    let roles = draft.roles
    let cell = cell(
      CellIdentity(
        selector: draft.roles[0], form: .story(ExactText(identity(of: story, roles))), having: query.having,
        since: since),
      keeping: .story, story: story)
    note(cell, dependsOn: since)
    for (number, selector) in roles.enumerated() { feed(selector, into: cell, as: 1 << UInt16(number)) }
    return StoryReading(
      cell: cell, since: since, gapMs: query.gap?.ms, sequels: sequels, pick: query.pick,
      wantsHaving: !query.having.isEmpty, window: query.window, by: by, measure: told)
  }

  /// What stories must have in common to be one; ages and numbers are widened.
  private func identity(of story: Story, _ roles: [Int]) -> String {
    var same = story
    same.maxAge = nil
    if story.isLimited { same.most = 0 }
    // One that forgets by age is of no use to one that does not, and would have to keep all for both.
    return "\(same.text) \(story.maxAge != nil) \(roles.map { selectorTexts[$0] })"
  }

  private mutating func planned(_ sequel: Sequel, after role: UInt16, _ draft: inout StoryDraft) -> PlannedSequel {
    let bit = draft.role(selector(sequel.events))
    let key = draft.sequelKey()
    return PlannedSequel(
      isWanted: sequel.isWanted, role: bit,
      same: sequel.same.map { slot($0, .hashes, roles: role | bit, &draft) },
      withinMs: sequel.within?.ms, sequels: sequel.sequels.map { planned($0, after: bit, &draft) }, key: key)
  }

  private mutating func slot(
    _ path: PropertyPath, _ form: Story.Form, times: PropertyPath? = nil, roles: UInt16, _ draft: inout StoryDraft
  ) -> Int {
    draft.slot(
      Story.Slot(
        of: names.path(path), times: times.map { names.path($0) }, form: form, roles: roles,
        meaning: "\(form) \(path)" + (times.map { " times \($0)" } ?? "")))
  }

  private mutating func planned(_ measure: Measure, _ draft: inout StoryDraft) -> StoryMeasure {
    func slot(_ path: PropertyPath, _ form: Story.Form, times: PropertyPath? = nil) -> Int {
      self.slot(path, form, times: times, roles: Story.asked, &draft)
    }
    switch measure {
    case .count: return .count
    case .sum(let of, let times): return .sum(slot(of, .numbers, times: times))
    case .average(let of): return .average(slot(of, .numbers))
    case .min(let of): return .min(slot(of, .numbers))
    case .max(let of): return .max(slot(of, .numbers))
    case .distinct(let of): return .distinct(slot(of, .hashes))
    case .favorite(let of): return .favorite(slot(of, .texts))
    case .firstAt: return .firstAt
    case .lastAt: return .lastAt
    case .first(let of): return .first(slot(of, .texts))
    case .last(let of): return .last(slot(of, .texts))
    case .collect(let of, let keep):
      return .collect(of.map { (name: "\($0)", slot: slot($0, .texts)) }, keep: keep)
    }
  }
}

/// The roles and values of a story that is being planned.
private struct StoryDraft {
  /// The selectors of the roles.
  private(set) var roles: [Int]
  private(set) var slots: [Story.Slot] = []
  private var sequels: UInt64 = 0

  init(asked: Int) { roles = [asked] }

  /// Another key for each sequel.
  mutating func sequelKey() -> UInt64 {
    sequels += 1
    return Hash64.mix(sequels, Story.Slot.keySeed)
  }

  /// The bit of the role that a selector's events play.
  mutating func role(_ selector: Int) -> UInt16 {
    if let number = roles.firstIndex(of: selector) { return 1 << UInt16(number) }
    precondition(roles.count < Story.mostRoles, "more roles than `Plan.refusal` lets through")
    roles.append(selector)
    return 1 << UInt16(roles.count - 1)
  }

  mutating func slot(_ slot: Story.Slot) -> Int {
    if let number = slots.firstIndex(where: { ExactText($0.meaning) == ExactText(slot.meaning) }) {
      slots[number].roles |= slot.roles
      return number
    }
    slots.append(slot)
    return slots.count - 1
  }

  /// The slot without whose value nobody looks at an event: not where it may be another's predecessor or sequel, or
  /// the one picked.
  func required(_ query: EventQuery, _ measure: StoryMeasure, by: Int?) -> Int? {
    if !query.sequels.isEmpty || query.gap != nil || query.pick != nil { return nil }
    if let by { return by }
    switch measure {
    case .sum(let slot), .average(let slot), .min(let slot), .max(let slot), .distinct(let slot), .favorite(let slot),
      .first(let slot), .last(let slot):
      return slot
    case .count, .firstAt, .lastAt, .collect: return nil
    }
  }
}

extension EventQuery {
  /// Whether nothing but the newest, or the oldest, of the events is ever asked for.
  private var isOpen: Bool { gap == nil && sequels.isEmpty && pick == nil }

  fileprivate func keepsOldest(_ measure: StoryMeasure) -> Bool {
    guard isOpen, since == nil, window == nil else { return false }
    if case .first = measure { return true }
    return false
  }

  /// How many events are enough; nil where as many as the shop's limit allows are needed.
  fileprivate func most(_ measure: StoryMeasure, by: Int?) -> Int? {
    guard isOpen, by == nil, window.map({ $0.from.ms == 0 }) ?? true else { return nil }
    switch measure {
    case .last: return 1
    case .first: return keepsOldest(measure) ? 1 : nil
    case .collect(_, let keep): return keep
    default: return nil
    }
  }
}
