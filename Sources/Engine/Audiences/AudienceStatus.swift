/// What a profile is in an audience (language, section 5, step 6).
public enum AudienceStatus: String, Sendable {
  case out, `in`, control
}

extension Profile {
  /// What the profile is in an audience.
  func status(in audience: Int) -> AudienceStatus {
    if members.hasBit(audience) { return .in }
    return layout.hasControls && controls.hasBit(audience) ? .control : .out
  }

  /// Notes what the profile is in an audience; `control` where the layout has controls only.
  func set(_ status: AudienceStatus, in audience: Int) {
    members.setBit(audience, to: status == .in)
    if layout.hasControls { controls.setBit(audience, to: status == .control) }
  }
}

/// Bits by their numbers, from the first word on.
extension UnsafeMutablePointer<UInt64> {
  func hasBit(_ number: Int) -> Bool { self[number >> 6] & (1 << UInt64(number & 63)) != 0 }

  func setBit(_ number: Int, to isSet: Bool) {
    let bit = UInt64(1) << UInt64(number & 63)
    self[number >> 6] = self[number >> 6] & ~bit | (isSet ? bit : 0)
  }
}
