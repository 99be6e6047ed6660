import Events

/// Reads the records of `audience.analytics` for one destination.
final class AnalyticsReader {
  private var reader: ChangeRecordReader

  /// - Parameters:
  ///   - destination: its name: what names only others is passed over.
  ///   - traits: which of the included traits are read.
  init(for destination: String, keeping traits: [String]) {
    reader = ChangeRecordReader(for: destination, keeping: traits)
  }

  /// What a record says; nothing where it is for others. Lent until the next is read.
  /// - Throws: ``ItemRefusal`` where it is no record of the topic.
  func read(_ record: BatchRecord) throws(ItemRefusal) -> ChangeOrErasure? {
    do throws(ChangeRejection) {
      guard let value = record.value else { throw .empty }
      let read = try reader.readEither(value)
      if case .change(let change) = read, !change.isAddressed { return nil }
      return read
    } catch {
      throw ItemRefusal(error.sentence)
    }
  }
}

extension ChangeRecord {
  /// An item about this change.
  func item(group: UInt64 = 0) -> Item {
    let hash = Hash64.of(profile)
    let direction: Item.Direction =
      switch kind {
      case .entered: .addition
      case .exited: .removal
      case .heldOut, .holdoutEnded: .neither
      }
    return Item(
      profile: hash, membership: Hash64.of(audience, seed: hash), group: group, direction: direction)
  }

  /// Writes what the change says of the membership, and the traits that go out: the members of an object.
  func writeProperties(to json: inout JSONWriter) {
    json.raw("\"change\":")
    json.string(kind.word)
    json.member(",\"audience\":", audience)
    json.member(",\"audience_name\":", audienceName)
    json.raw(",\"version\":")
    json.integer(version)
    if let purpose { json.member(",\"purpose\":", purpose) }
    json.member(",\"status\":", status)
    json.raw(",\"seq\":")
    json.integer(seq)
    json.member(",\"reason\":{\"kind\":", reason.kind)
    if let name = reason.name {
      json.raw(reason.kind == Bytes("event") ? ",\"event\":" : ",\"by\":")
      json.string(name)
    }
    json.raw("}")
    if let enteredAt { json.member(",\"entered_at\":", enteredAt) }
    if let traits = includedTraits {
      json.raw(",")
      json.raw(traits.slice(1, traits.count - 1))
    }
  }
}

extension ErasureRecord {
  /// An item about this erasure.
  var item: Item {
    let hash = Hash64.of(profile)
    return Item(profile: hash, membership: hash, direction: .erasure)
  }
}

extension JSONWriter {
  /// Writes a key, as it is, and a string.
  mutating func member(_ key: StaticString, _ value: Bytes) {
    raw(key)
    string(value)
  }
}
