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

extension PartitionEngine {
  /// How a profile stands; nil where there is none of that id.
  public func standing(of id: Bytes) -> ProfileStanding? {
    guard let slot = profiles.slot(of: id, hash: Hash64.of(id)) else { return nil }
    let profile = profiles[slot]
    let audiences = plan.audiences.indices
    return ProfileStanding(
      leaves: plan.leaves.indices.map { profile.leaves.hasBit($0) },
      eligible: audiences.map { profile.eligible.hasBit($0) }, statuses: audiences.map { profile.status(in: $0) })
  }
}
