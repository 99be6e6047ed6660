/// One partition: its clock and its profiles.
struct Partition {
  private var clockMs: Int64?
  private var profiles: [Text: Profile] = [:]

  /// Applies the next record, by the three steps of the clock.
  mutating func take(
    _ record: Record, arrival: Int, rulings: Rulings, names: Names, into verdict: inout Verdict
  ) {
    // 1. The clock becomes max(c, e).
    let nowMs = max(clockMs ?? record.timeMs, record.timeMs)
    clockMs = nowMs
    // 2. Every profile with a due instant before the clock is evaluated at it, in order.
    evaluateDue(rulings, into: &verdict) { $0 < nowMs }
    // 3. The event is applied to its profile, and that profile is evaluated at the clock. A duplicate is dropped.
    var profile = profiles[record.profile] ?? Profile(id: record.profile.string)
    switch profile.apply(record, arrival: arrival, rulings, names) {
    case .repeatsMessage: verdict.duplicateMessages += 1
    case .repeatsValue: verdict.duplicateValues += 1
    case .applied(let reason): profile.evaluate(at: nowMs, because: reason, rulings, into: &verdict)
    }
    profiles[record.profile] = profile
  }

  /// Moves the clock on to an instant at the end, with every due instant up to and at it evaluated.
  mutating func goOn(to instantMs: Int64, rulings: Rulings, into verdict: inout Verdict) {
    evaluateDue(rulings, into: &verdict) { $0 <= instantMs }
    clockMs = instantMs
  }

  private mutating func evaluateDue(_ rulings: Rulings, into verdict: inout Verdict, while isPast: (Int64) -> Bool) {
    var due: [(instantMs: Int64, profile: Text)] = []
    for (id, profile) in profiles {
      due += profile.dueInstants(rulings, while: isPast).map { ($0, id) }
    }
    for (instantMs, id) in due.sorted(by: { $0 < $1 }) {
      profiles[id]?.evaluate(at: instantMs, because: .expired, rulings, into: &verdict)
    }
  }
}

/// One profile: all its events, and who it is a member of.
struct Profile {
  let id: String
  private var events: [Event] = []
  private var messageIds: [Text] = []
  /// By canonical name, the `unique` values of every event of that name, in the order of arrival.
  private var uniqueValues: [String: [[Value]]] = [:]
  private var isMember: [Bool] = []
  private var evaluatedAtMs: Int64 = .min

  init(id: String) { self.id = id }

  enum Outcome {
    case repeatsMessage
    case repeatsValue
    case applied(Reason)
  }

  /// Applies a record, unless it is a duplicate.
  mutating func apply(_ record: Record, arrival: Int, _ rulings: Rulings, _ names: Names) -> Outcome {
    if let messageId = record.messageId {
      // A dropped duplicate is not remembered again.
      if messageIds.suffix(64).contains(messageId) { return .repeatsMessage }
      // One dropped for its `unique` value leaves its messageId.
      messageIds.append(messageId)
    }
    guard case .event(let name, let properties) = record.content else { return .applied(.trait) }
    if let unique = names.unique(of: name) {
      let values = properties.values(at: unique).filter { $0 != .object }
      let remembered = (uniqueValues[name] ?? []).suffix(64)
      if remembered.contains(where: { !Set($0).isDisjoint(with: values) }) { return .repeatsValue }
      uniqueValues[name, default: []].append(values)
    }
    let roles = rulings.leaves.map { Role(of: name, properties, in: $0) }
    let event = Event(timeMs: record.timeMs, arrival: arrival, roles: roles)
    events.insert(event, at: events.firstIndex { event.isBefore($0) } ?? events.count)
    return .applied(.event(name))
  }

  /// The instants after the last evaluation at which time alone could change something, as far as they are past.
  func dueInstants(_ rulings: Rulings, while isPast: (Int64) -> Bool) -> Set<Int64> {
    var instants: Set<Int64> = []
    for event in events {
      for boundMs in rulings.boundsMs {
        let instantMs = event.timeMs + boundMs
        if instantMs > evaluatedAtMs && isPast(instantMs) { instants.insert(instantMs) }
      }
    }
    return instants
  }

  /// Evaluates every audience at an instant, and tells what changed.
  mutating func evaluate(at nowMs: Int64, because reason: Reason, _ rulings: Rulings, into verdict: inout Verdict) {
    if isMember.isEmpty { isMember = rulings.audiences.map { _ in false } }
    for (place, audience) in rulings.audiences.enumerated() {
      let holds = audience.condition.holds(over: events, at: nowMs, rulings.leaves)
      guard holds != isMember[place] else { continue }
      isMember[place] = holds
      verdict.changes.append(
        Change(
          atMs: nowMs, profile: id, audience: audience.key, kind: holds ? .entered : .exited, reason: reason))
    }
    evaluatedAtMs = nowMs
  }
}
