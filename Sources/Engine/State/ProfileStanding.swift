internal import Audiences
public import Events

/// How a profile stands at its last evaluation: the answers of its leaves and what they come to. For whoever explains.
public struct ProfileStanding: Sendable {
  /// For each leaf of the plan, whether it holds.
  public let leaves: [Bool]
  /// For each audience, whether the profile is eligible for it.
  public let eligible: [Bool]
  /// For each audience, what the profile is in it.
  public let statuses: [AudienceStatus]
}

/// What a profile is in an audience (language, section 5, step 6).
public enum AudienceStatus: String, Sendable {
  case out, `in`, control
}

extension PartitionEngine {
  /// How a profile stands; nil where there is none of that id.
  public func standing(of id: Bytes) -> ProfileStanding? {
    guard let slot = profiles.slot(of: id, hash: Hash64.of(id)) else { return nil }
    let profile = profiles[slot]
    func bits(_ words: UnsafeMutablePointer<UInt64>, _ count: Int) -> [Bool] {
      (0..<count).map { words[$0 >> 6] & (1 << UInt64($0 & 63)) != 0 }
    }
    let members = bits(profile.members, plan.audiences.count)
    let controls = profile.layout.hasControls ? bits(profile.controls, plan.audiences.count) : []
    return ProfileStanding(
      leaves: bits(profile.leaves, plan.leaves.count), eligible: bits(profile.eligible, plan.audiences.count),
      statuses: members.indices.map {
        members[$0] ? .in : (controls.indices.contains($0) && controls[$0] ? .control : .out)
      })
  }
}
