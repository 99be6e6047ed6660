internal import Audiences
internal import Events

/// Who a person is outside the shop (topics.md, "Canonical events"): kept like a trait, under a number that no
/// definition can ask for. Of a phone number the hash of what was stated is kept beside: as long as it is stated the same
/// way, nobody has to read it again.
extension PartitionEngine {
  /// Takes the identifiers that a record states: the latest time wins, equal times: the later arrival. What is none is
  /// counted, and changes nothing.
  mutating func setIdentifiers(_ record: Record, at timeMs: Int64, in slot: ProfileTable.Slot) {
    for kind in IdentifierKind.allCases {
      let number = plan.identifiers[Int(kind.rawValue)]
      switch record.stated(kind) {
      case .nothing: continue
      case .removed:
        values.clear()
        _ = setTrait(number, at: timeMs, in: slot)
      case .given(let stated): set(kind, stated, record, at: timeMs, in: slot)
      }
    }
  }

  private mutating func set(
    _ kind: IdentifierKind, _ stated: Bytes, _ record: Record, at timeMs: Int64, in slot: ProfileTable.Slot
  ) {
    let number = plan.identifiers[Int(kind.rawValue)]
    if kind == .email {
      guard let email = identifierReader.read(kind, stated, country: nil) else {
        counts.emailsDropped += 1
        return
      }
      values.clear()
      values.append(Value(string: email))
      _ = setTrait(number, at: timeMs, in: slot)
      return
    }
    var hash = Hash64.of(stated)
    if let country = record.country { hash = Hash64.mix(hash, Hash64.of(country)) }
    let known = knownPhone(statedAs: hash, in: profiles[slot])
    guard let phone = known ?? identifierReader.read(kind, stated, country: record.country) else {
      counts.phonesDropped += 1
      return
    }
    withUnsafeBytes(of: hash) { hash in
      values.clear()
      values.append(Value(string: phone))
      values.append(Value(string: Bytes(hash)))
      _ = setTrait(number, at: timeMs, in: slot)
    }
  }

  /// The phone number, where it was last stated in that very way; lent by the reader, for its place is written anew.
  private mutating func knownPhone(statedAs hash: UInt64, in profile: Profile) -> Bytes? {
    collectIdentifier(.phone, of: profile)
    guard values.count == 2, values[1].text.count == 8,
      UnsafeRawPointer(values[1].text.start).loadUnaligned(as: UInt64.self) == hash
    else { return nil }
    return identifierReader.keep(values[0].text)
  }

  private mutating func collectIdentifier(_ kind: IdentifierKind, of profile: Profile) {
    values.clear()
    guard let part = profile.part(.traits) else { return }
    let traits = TraitsPart(part: part)
    guard let at = traits.offset(of: plan.identifiers[Int(kind.rawValue)]) else { return }
    traits.values(at).forEach { value, _ in values.append(value) }
  }

  /// Stands for a profile's identifiers; 0 where it has none.
  mutating func identity(of profile: Profile) -> UInt64 {
    var hash: UInt64 = 0
    for kind in IdentifierKind.allCases {
      collectIdentifier(kind, of: profile)
      if values.count > 0 { hash ^= Hash64.of(values[0].text, seed: UInt64(kind.rawValue) + 1) }
    }
    return hash
  }

  /// Writes the identifiers to what is told.
  mutating func tellIdentifiers(of slot: ProfileTable.Slot, _ told: inout ChangeBuffer.Told) {
    guard profiles[slot].part(.traits) != nil else { return }
    told.email = tellIdentifier(.email, of: profiles[slot])
    told.phone = tellIdentifier(.phone, of: profiles[slot])
  }

  private mutating func tellIdentifier(_ kind: IdentifierKind, of profile: Profile) -> Range<Int> {
    collectIdentifier(kind, of: profile)
    let from = changes.payload.count
    if values.count > 0 { changes.payload.raw(values[0].text) }
    return from..<changes.payload.count
  }

  mutating func tellConsent(at now: Instant, in slot: ProfileTable.Slot, _ told: inout ChangeBuffer.Told) {
    told.consent.userData = plan.consent.userData.flatMap { truth(ofTrait: $0, at: now.ms, in: profiles[slot]) }
    told.consent.personalization =
      plan.consent.personalization.flatMap { truth(ofTrait: $0, at: now.ms, in: profiles[slot]) }
  }

  private mutating func truth(ofTrait number: Int, at nowMs: Int64, in profile: Profile) -> Bool? {
    collect(figure(ofTrait: number, at: nowMs, in: profile))
    for index in 0..<values.count {
      switch values[index].kind {
      case .yes: return true
      case .no: return false
      case .string, .number, .object: continue
      }
    }
    return nil
  }

  /// Tells ad platforms that somebody who was in before a record, and still is, is known by other identifiers now.
  /// - Parameter introduced: audiences of which they have been told everything just now.
  mutating func tellUpdates(
    of slot: ProfileTable.Slot, since firstChange: Int, because reason: Change.Reason, except introduced: [Int] = []
  ) {
    for number in plan.audiencesToAds where profiles[slot].status(in: number) == .in && !introduced.contains(number) {
      if changes.hasEntry(of: number, slot, since: firstChange) { continue }
      publish(.updated, begins: false, of: number, at: clock, because: reason, in: slot)
    }
  }
}

extension ChangeBuffer {
  /// Whether somebody has entered an audience among the changes from one on.
  fileprivate func hasEntry(of audience: Int, _ slot: ProfileTable.Slot, since first: Int) -> Bool {
    for index in first..<max(first, count) {
      let entry = self[index]
      if entry.kind == .entered, entry.audience == Int32(audience), entry.slot == slot { return true }
    }
    return false
  }
}
