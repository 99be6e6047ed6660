/// One partition: its clock and its profiles.
struct Partition {
  let rulings: Rulings
  let names: Names
  private var clockMs: Int64?
  private var profiles: [Text: Profile] = [:]

  init(_ rulings: Rulings, _ names: Names) {
    self.rulings = rulings
    self.names = names
  }

  /// Applies the next record, by the three steps of the clock.
  ///
  /// - Parameter isHere: whether a profile of that id belongs to this partition.
  mutating func take(_ record: Record, into verdict: inout Verdict, isHere: (Text) -> Bool) {
    // 1. The clock becomes max(c, e).
    let nowMs = max(clockMs ?? record.timeMs, record.timeMs)
    clockMs = nowMs
    // 2. Every profile with a due instant before the clock is evaluated at it, in order.
    evaluateDue(into: &verdict) { $0 < nowMs }
    // 3. The event is applied to its profile, and that profile is evaluated at the clock.
    if case .delete = record.content {
      // Exits everywhere, without an evaluation before them; then nothing is left.
      profiles.removeValue(forKey: record.profile)?.end(at: nowMs, because: .deleted, into: &verdict)
      return
    }
    let profile = profiles[record.profile] ?? Profile(id: record.profile, rulings)
    profiles[record.profile] = profile
    guard !profile.hasSeen(record.messageId) else {
      verdict.duplicateMessages += 1
      return
    }
    let identifiers = profile.identifiers
    guard let cause = apply(record, to: profile, at: nowMs, into: &verdict, isHere) else { return }
    profile.identify(record.identifiers, timeMs: record.timeMs)
    let changeCount = verdict.changes.count
    profile.evaluate(at: nowMs, because: cause, into: &verdict)
    if profile.identifiers != identifiers {
      profile.tellAds(since: changeCount, at: nowMs, because: cause, into: &verdict)
    }
  }

  /// What the profile is to be evaluated for; nothing where the record is dropped.
  private mutating func apply(
    _ record: Record, to profile: Profile, at nowMs: Int64, into verdict: inout Verdict, _ isHere: (Text) -> Bool
  ) -> Cause? {
    var hasMoved = false
    if let anonymous = record.merges {
      if isHere(anonymous) {
        if let other = profiles.removeValue(forKey: anonymous) {
          other.end(at: nowMs, because: .merged, into: &verdict)
          profile.takeOver(other)
          hasMoved = true
        }
      } else {
        verdict.mergesAcrossPartitions += 1
      }
    }
    switch record.content {
    case .event(let name, let properties):
      if profile.apply(name, properties, timeMs: record.timeMs, names) { return .event(name) }
      verdict.duplicateValues += 1
      return nil
    case .identify(let traits):
      // Its own traits come after the moved ones.
      profile.identify(traits, timeMs: record.timeMs)
      return hasMoved ? .merge : .identify
    // An `alias` is neither an `identify` nor an event: its reason is `merged`, even where nothing moved.
    case .alias: return .merge
    case .delete: return nil
    }
  }

  /// Moves the clock on to an instant at the end, with every due instant up to and at it evaluated.
  mutating func goOn(to instantMs: Int64, into verdict: inout Verdict) {
    evaluateDue(into: &verdict) { $0 <= instantMs }
    clockMs = instantMs
  }

  /// An evaluation may bring new due instants, so it goes on until none is left.
  private func evaluateDue(into verdict: inout Verdict, while isPast: (Int64) -> Bool) {
    while true {
      let next = profiles.values.compactMap { profile in profile.nextDueMs.map { ($0, profile) } }
        .min { ($0.0, $0.1.id) < ($1.0, $1.1.id) }
      guard let (instantMs, profile) = next, isPast(instantMs) else { return }
      profile.evaluate(at: instantMs, because: .time, into: &verdict)
    }
  }
}
