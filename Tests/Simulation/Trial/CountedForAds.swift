import Events

/// The counts that ad platforms were told of: some changes go to them alone.
struct CountedForAds {
  private var told: Set<String> = []

  init(_ cluster: Cluster) {
    for entry in cluster.committed("audience.ads") {
      let record = String(decoding: entry.value ?? [], as: UTF8.self)
      guard let seq = SeenChange.value("\"seq\":", in: record, upTo: ","),
        let key = SeenChange.value("\"audience\":\"", in: record, upTo: "\""),
        let profile = SeenChange.value("\"profile_sha256\":\"", in: record, upTo: "\"")
      else { continue }
      told.insert("\(profile) \(key) \(seq)")
    }
  }

  /// Whether every count between one and that of a change is that of a change which the warehouse is not told of.
  func fillGap(after seq: Int, before change: SeenChange) -> Bool {
    guard change.seq > seq else { return false }
    let profile = Array(change.profile.utf8).withUnsafeBytes { bytes in
      var hash = JSONWriter()
      hash.sha256(of: Bytes(bytes))
      return hash.text
    }
    return (seq + 1..<change.seq).allSatisfy { told.contains("\(profile) \(change.key) \($0)") }
  }
}
