internal import Engine
internal import Events

/// What tells a change from all others, and a profile outside the shop.
struct ChangeId: ~Copyable {
  private var text = JSONWriter(capacity: 256)

  /// Writes the first 32 hex digits of SHA-256 of `audience:version:profile:change:timestamp in ms:seq`: the same change
  /// always has the same id.
  mutating func write(_ change: Change, _ audience: borrowing ToldAudience, to json: inout JSONWriter) {
    text.clear()
    text.text(audience.key)
    text.byte(0x3A)
    text.integer(Int64(audience.version))
    text.byte(0x3A)
    text.raw(change.profile)
    text.byte(0x3A)
    text.raw(change.kind.word)
    text.byte(0x3A)
    text.integer(change.at.ms)
    text.byte(0x3A)
    text.integer(Int64(change.seq))
    SHA256.withDigest(of: text.bytes) { json.hex($0.slice(0, 16)) }
  }
}
