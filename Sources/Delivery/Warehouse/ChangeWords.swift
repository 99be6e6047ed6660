import Events

extension ChangeRecord.Kind {
  /// Its word as bytes, without making a string of it.
  var word: Bytes {
    switch self {
    case .entered: Bytes("entered")
    case .exited: Bytes("exited")
    case .heldOut: Bytes("held_out")
    case .holdoutEnded: Bytes("holdout_ended")
    }
  }
}

extension ChangeRecord {
  /// Stands for how it describes its audience: name, purpose and version.
  var audienceDescription: UInt64 {
    let name = Hash64.of(audienceName, seed: UInt64(version))
    return Hash64.of(purpose ?? .empty, seed: name)
  }
}
