internal import Audiences
internal import Events

/// Who of the eligible is in (language, section 5, steps 3 to 6).
extension PartitionEngine {
  /// What keeps somebody who is eligible out.
  private enum Obstacle {
    case suppressed(by: Int)
    case outranked(by: Int)
    case holdout
  }

  /// Gives a profile the status that it should have in an audience, and notes the changes.
  mutating func arbitrate(_ number: Int, at now: Instant, because cause: Change.Reason, in slot: ProfileTable.Slot) {
    let profile = profiles[slot]
    let isEligible = profile.eligible.hasBit(number)
    let was = profile.status(in: number)
    let isPlain = tables.audiences[number].isPlain
    let obstacle = isPlain || !isEligible ? nil : obstacle(of: number, profile.eligible, at: now, profile)
    let status: AudienceStatus
    switch obstacle {
    case nil: status = isEligible ? .in : .out
    case .holdout: status = .control
    case .suppressed, .outranked: status = .out
    }
    if status == was { return }
    let reason: Change.Reason
    if cause == .merged || cause == .definition {
      reason = cause  // whatever else it may have brought about
    } else if formerlyEligible.hasBit(number) != isEligible {
      reason = reasons[number]
    } else if was == .out {
      reason = self.obstacle(of: number, formerlyEligible, at: now, profile).map(Self.reason) ?? .definition
    } else {
      reason = obstacle.map(Self.reason) ?? .heldOut
    }
    publish(number, from: was, to: status, at: now, because: reason, in: slot)
  }

  private static func reason(_ obstacle: Obstacle) -> Change.Reason {
    switch obstacle {
    case .suppressed(let other): .suppressed(by: other)
    case .outranked(let other): .outranked(by: other)
    case .holdout: .heldOut
    }
  }

  /// The first thing that keeps a profile out that is eligible for those audiences.
  private mutating func obstacle(
    of number: Int, _ eligible: UnsafeMutablePointer<UInt64>, at now: Instant, _ profile: Profile
  ) -> Obstacle? {
    let audience = plan.audiences[number]
    if let other = Self.suppressor(of: audience, eligible) { return .suppressed(by: other) }
    // Somebody held out still takes the group's place: they must not be shifted into another audience.
    for other in audience.superiors where eligible.hasBit(other) {
      if Self.suppressor(of: plan.audiences[other], eligible) == nil { return .outranked(by: other) }
    }
    guard let holdout = audience.definition.holdout, now < holdout.until ?? .never else { return nil }
    return HoldoutBucket.of(profile.id, salt: holdout.salt) < holdout.hundredths ? .holdout : nil
  }

  private static func suppressor(of audience: PlannedAudience, _ eligible: UnsafeMutablePointer<UInt64>) -> Int? {
    audience.suppressors.first { eligible.hasBit($0) }
  }
}

/// Where a profile falls in a drawing (language, section 5, step 5), in hundredths of a percent: the first 8 bytes of
/// SHA-256 of `salt:profile` as a big-endian number, mod 10,000.
enum HoldoutBucket {
  static func of(_ profile: Bytes, salt: String) -> Int {
    var text = JSONWriter(capacity: profile.count + salt.utf8.count + 1)
    text.text(salt)
    text.byte(UInt8(ascii: ":"))
    text.raw(profile)
    return SHA256.withDigest(of: text.bytes) { digest in
      var number: UInt64 = 0
      for index in 0..<8 { number = number << 8 | UInt64(digest[index]) }
      return Int(number % 10_000)
    }
  }
}
