package import Audiences
package import Engine
package import Events

/// Writes changes as ad platforms get them (topics.md, "A change, to the warehouse", last part): no identifier in the clear.
package struct AdsRecord: ~Copyable {
  private let audiences: [ToldAudience]
  /// Of each audience: its members from its key to whom it is told to; and those with all who hold its members afterwards.
  private let heads: [(told: String, held: String)]
  private var json = JSONWriter()
  private var key = JSONWriter(capacity: 512)
  private var id = ChangeId()
  private var hashes = PlatformIdentifiers()

  package init(_ plan: Plan, after succession: Succession? = nil) {
    audiences = ToldAudience.all(of: plan, after: succession)
    heads = audiences.map { (Self.head(of: $0, to: $0.to.ads), Self.head(of: $0, to: $0.adsAfterwards)) }
  }

  private static func head(of audience: ToldAudience, to platforms: [String]) -> String {
    var json = JSONWriter()
    audience.write(to: &json)
    json.raw(",\"to\":")
    json.strings(platforms)
    return json.text
  }

  /// The key of a profile's records: its id is nothing that leaves the shop. Valid until the next call.
  package mutating func key(of profile: Bytes) -> Bytes {
    key.clear()
    key.sha256(of: profile)
    return key.bytes
  }

  /// The key of a member in `audience.members`. Valid until the next call.
  package mutating func memberKey(of change: Change) -> Bytes {
    key.clear()
    key.text(audiences[change.audience].key)
    key.byte(0x3A)
    key.sha256(of: change.profile)
    return key.bytes
  }

  /// The record of a change. Valid until the next call.
  package mutating func write(_ change: Change) -> Bytes {
    write(change, change.kind.word, heads[change.audience].told)
  }

  /// The record of who is in after a change, as those who hold members see it; `nil` where nobody does, or the person is
  /// out. Valid until the next call.
  package mutating func writeMember(after change: Change) -> Bytes? {
    let audience = audiences[change.audience]
    guard !audience.adsAfterwards.isEmpty else { return nil }
    switch change.kind {
    case .entered, .updated: return write(change, change.kind.word, heads[change.audience].held)
    // An exit that some are told of only leaves the person in for the others.
    case .exited:
      let stays = audience.adsAfterwards.contains { !audience.to.ads.contains($0) }
      return stays ? write(change, Change.Kind.entered.word, heads[change.audience].held) : nil
    case .heldOut, .holdoutEnded: return nil
    }
  }

  private mutating func write(_ change: Change, _ word: StaticString, _ head: String) -> Bytes {
    json.clear()
    json.raw("{\"type\":\"audience\",\"change\":\"")
    json.raw(word)
    json.raw("\",")
    json.text(head)
    json.raw(",\"seq\":")
    json.integer(Int64(change.seq))
    json.raw(",\"timestamp\":\"")
    json.instant(change.at)
    json.raw("\",\"messageId\":\"")
    id.write(change, audiences[change.audience], to: &json)
    json.raw("\",\"profile_sha256\":\"")
    json.sha256(of: change.profile)
    json.byte(0x22)
    writeConsent(change.consent)
    hashes.write(change.identifiers, to: &json)
    json.byte(0x7D)
    return json.bytes
  }

  private mutating func writeConsent(_ consent: ConsentGiven) {
    if consent == ConsentGiven() { return }
    json.raw(",\"consent\":{")
    write(consent.userData, "\"ad_user_data\":")
    if consent.userData != nil, consent.personalization != nil { json.byte(0x2C) }
    write(consent.personalization, "\"ad_personalization\":")
    json.byte(0x7D)
  }

  private mutating func write(_ isGranted: Bool?, _ name: StaticString) {
    guard let isGranted else { return }
    json.raw(name)
    json.raw(isGranted ? "\"granted\"" : "\"denied\"")
  }

  /// The record that says that a profile is erased. Valid until the next call.
  mutating func writeErasure(of profile: Bytes, at instant: Instant) -> Bytes {
    json.clear()
    json.raw("{\"type\":\"delete\",\"profile_sha256\":\"")
    json.sha256(of: profile)
    json.raw("\",\"timestamp\":\"")
    json.instant(instant)
    json.raw("\"}")
    return json.bytes
  }
}
