internal import Events
internal import ProfileStore

/// Which of the states in a store are an engine's: those of its kind that were kept under its plan.
package struct Shelf: Equatable, Sendable {
  /// What states are about.
  package enum Kind: Sendable {
    /// Profiles.
    case profiles
    /// What the log has come to for profiles under a plan that is not in force yet.
    case filled
  }

  let kind: Kind
  let plan: UInt32

  init(_ kind: Kind, plan: UInt32) {
    self.kind = kind
    self.plan = plan
  }

  /// Under which hash the store has the state of a profile.
  func storeHash(_ hash: UInt64) -> UInt64 { kind == .profiles ? hash : ChangelogKey.filledHash(hash) }

  /// The id of the profile of which a key is; nil where it is of another kind.
  func id(ofKey key: Bytes) -> Bytes? {
    switch ChangelogKey(key) {
    case .profile(let id): kind == .profiles ? id : nil
    case .filled(let id): kind == .filled ? id : nil
    case .task, .plan: nil
    }
  }
}
