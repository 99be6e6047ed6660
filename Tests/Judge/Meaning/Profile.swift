/// One profile: all its events, its traits, and where it stands in every audience.
final class Profile {
  let id: Text
  private let rulings: Rulings
  private var events: [Event] = []
  private var arrivals = 0
  private var identified: [Text: HeldTrait] = [:]
  private var held: [Identifier: (timeMs: Int64, form: String?)] = [:]
  private var messageIds: [Text] = []
  /// By canonical name, the `unique` values of every event of that name, in the order of arrival.
  private var uniqueValues: [String: [[Value]]] = [:]
  private var standings: [Standing]
  private var evaluatedMs: Int64 = .min
  /// What each selection leaves before its window cuts; nothing where it must be selected anew.
  private var selected: [[Event]?]
  /// The instants at which time alone could change something, in order; those of hold, stay and rejoin come besides.
  private var dueInstantsMs: [Int64] = []
  /// The next instant at which time alone could change something.
  private(set) var nextDueMs: Int64?

  init(id: Text, _ rulings: Rulings) {
    self.id = id
    self.rulings = rulings
    standings = Array(repeating: Standing(), count: rulings.audiences.count)
    selected = Array(repeating: nil, count: rulings.selections.count)
  }

  /// Whether the profile's last 64 records with a `messageId` had this one. If not, it is remembered: one dropped for its
  /// `unique` value leaves its messageId. A dropped duplicate is not remembered again.
  func hasSeen(_ messageId: Text?) -> Bool {
    guard let messageId else { return false }
    if messageIds.suffix(64).contains(messageId) { return true }
    messageIds.append(messageId)
    return false
  }

  /// Applies an event; false where its `unique` value says that it is a duplicate.
  func apply(_ name: String, _ properties: Json, timeMs: Int64, _ names: Names) -> Bool {
    if let unique = names.unique(of: name) {
      let values = properties.values(at: unique).identities
      let remembered = (uniqueValues[name] ?? []).suffix(64)
      if remembered.contains(where: { !Set($0).isDisjoint(with: values) }) { return false }
      uniqueValues[name, default: []].append(values)
    }
    insert(Event(timeMs: timeMs, arrival: 0, roles: rulings.selections.map { Role(of: name, properties, in: $0) }))
    return true
  }

  /// Puts an event in its place by time; among equal times it comes after those already there.
  private func insert(_ event: Event) {
    var event = event
    event.arrival = arrivals
    arrivals += 1
    events.insert(event, at: events.lastIndex { !event.isBefore($0) }.map { $0 + 1 } ?? 0)
    for number in selected.indices where event.roles[number].isOfConcern { selected[number] = nil }
  }

  /// Applies the traits of an `identify`: the latest time wins, equal times: the later arrival; `null` removes. A removal
  /// has a time like a value: what is older does not undo it. What else is absent (`[]`, a number too big) replaces the
  /// former value too.
  func identify(_ traits: Json, timeMs: Int64) {
    guard case .object(let members) = traits else { return }
    // Of a name that is there twice, the last counts.
    let last = Dictionary(members.map { ($0.name, $0.value) }) { $1 }
    for (name, value) in last { set(name, HeldTrait(timeMs: timeMs, values: value.values(at: Path("")))) }
  }

  /// Takes the identifiers that a record states: the latest time wins, equal times: the later arrival; `null` removes. What
  /// is no identifier changes nothing.
  func identify(_ stated: StatedIdentifiers, timeMs: Int64) {
    for identifier in Identifier.allCases {
      guard let json = stated.stated(identifier) else { continue }
      if case .null = json {
        set(identifier, (timeMs, nil))
      } else if let form = identifier.form(of: json, country: stated.country ?? rulings.region) {
        set(identifier, (timeMs, form))
      }
    }
  }

  private func set(_ identifier: Identifier, _ stated: (timeMs: Int64, form: String?)) {
    if let known = held[identifier], known.timeMs > stated.timeMs { return }
    held[identifier] = stated
  }

  /// The identifiers in their one form.
  var identifiers: [Identifier: String] { held.compactMapValues(\.form) }

  /// Tells ad platforms of somebody who was in before, and is, that the identifiers are others.
  func tellAds(since first: Int, at nowMs: Int64, because cause: Cause, into verdict: inout Verdict) {
    let entered = Set(verdict.changes[first...].filter { $0.kind == .entered }.map(\.audience))
    for (audience, standing) in zip(rulings.audiences, standings)
    where audience.definition.isToldToAds && standing.status == .inside && !entered.contains(audience.key) {
      verdict.changes.append(
        Change(atMs: nowMs, profile: id.string, audience: audience.key, kind: .updated, reason: cause.reason))
    }
  }

  private func set(_ name: Text, _ trait: HeldTrait) {
    if let held = identified[name], held.timeMs > trait.timeMs { return }
    identified[name] = trait
  }

  /// Takes over another profile's events and traits; its own hold, stay, rejoin and remembered ids run on. What moves
  /// keeps its time, and among equal times comes after what is already there.
  func takeOver(_ other: Profile) {
    for event in other.events.sorted(by: { $0.arrival < $1.arrival }) { insert(event) }
    for (name, trait) in other.identified { set(name, trait) }
    for (identifier, stated) in other.held { set(identifier, stated) }
  }

  /// Ends every membership at an instant.
  func end(at nowMs: Int64, because reason: Reason, into verdict: inout Verdict) {
    for (audience, standing) in zip(rulings.audiences, standings) {
      guard let kind = standing.ending else { continue }
      verdict.changes.append(
        Change(atMs: nowMs, profile: id.string, audience: audience.key, kind: kind, reason: reason))
    }
  }

  /// Evaluates every audience at an instant, and tells what changed.
  func evaluate(at nowMs: Int64, because cause: Cause, into verdict: inout Verdict) {
    let selected = selectedNow()
    var moment = Moment(
      nowMs: nowMs, rulings: rulings, selected: selected, identified: identified,
      isEligible: standings.map { _ in false })
    var moves: [Standing.Move] = []
    for (place, audience) in rulings.audiences.enumerated() {
      let holds = audience.condition.holds(at: moment)
      moves.append(standings[place].take(holds: holds, at: nowMs, audience.definition))
      moment.isEligible[place] = standings[place].isEligible
    }
    let blockers = rulings.blockers(moment.isEligible)
    for (place, audience) in rulings.audiences.enumerated() {
      let status: Standing.Status =
        if !moment.isEligible[place] || blockers[place] != nil {
          .out
        } else if audience.definition.holdout?.holdsOut(id, at: nowMs) == true {
          .control
        } else {
          .inside
        }
      let turn = standings[place].move(to: status, blocker: blockers[place], moves[place], because: cause)
      for kind in turn.kinds {
        verdict.changes.append(
          Change(atMs: nowMs, profile: id.string, audience: audience.key, kind: kind, reason: turn.reason))
      }
    }
    evaluatedMs = nowMs
    findNextDue(isAnew: cause.isRecord, selected)
  }

  private func selectedNow() -> [[Event]] {
    for number in selected.indices where selected[number] == nil {
      selected[number] = rulings.selections[number].leftBeforeWindow(of: events)
    }
    return selected.map { $0 ?? [] }
  }

  private func findNextDue(isAnew: Bool, _ selected: [[Event]]) {
    if isAnew {
      dueInstantsMs = Moment.dueInstants(rulings, selected: selected, identified: identified).sorted()
    }
    dueInstantsMs = Array(dueInstantsMs.drop { $0 <= evaluatedMs })
    let running = zip(rulings.audiences, standings).flatMap { $1.dueInstants($0.definition) }
    nextDueMs = (dueInstantsMs.prefix(1) + running.filter { $0 > evaluatedMs }).min()
  }
}

extension Rulings {
  /// By place, what keeps someone out of an audience that they are eligible for.
  fileprivate func blockers(_ isEligible: [Bool]) -> [Reason?] {
    var blockers: [Reason?] = audiences.enumerated().map { place, audience in
      guard isEligible[place], let by = audience.suppressors.first(where: { isEligible[$0] }) else { return nil }
      return .suppressed(by: audiences[by].key)
    }
    for group in groups {
      // Someone held out still takes the group's place.
      guard let winner = group.first(where: { isEligible[$0] && blockers[$0] == nil }) else { continue }
      for place in group where place != winner && isEligible[place] && blockers[place] == nil {
        blockers[place] = .outranked(by: audiences[winner].key)
      }
    }
    return blockers
  }
}

extension Cause {
  fileprivate var isRecord: Bool {
    if case .time = self { return false }
    return true
  }
}
