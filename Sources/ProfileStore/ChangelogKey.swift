public import Events

/// What a record of the changelog is about, by its key. Its bytes are lent.
public enum ChangelogKey {
  /// Where the task stands (``TaskRecord``): the empty key.
  case task
  /// A part of a plan (``PlanRecord``).
  case plan(number: UInt32, part: UInt32)
  /// What the log came to for a profile under the plan that is being filled: `FF fill` and the profile's id.
  case filled(id: Bytes)
  /// A profile: its id, which is text, and so does not begin with FF.
  case profile(id: Bytes)

  private static let filledStart: [UInt8] = [0xFF] + Array("fill".utf8)

  /// What a key says.
  public init(_ key: Bytes) {
    guard !key.isEmpty else {
      self = .task
      return
    }
    guard key[0] == 0xFF else {
      self = .profile(id: key)
      return
    }
    if let (plan, part) = PlanRecord.part(ofKey: key) {
      self = .plan(number: plan, part: part)
    } else if Self.filledStart.withUnsafeBytes({ key.hasPrefix(Bytes($0)) }) {
      self = .filled(id: key.slice(Self.filledStart.count, key.count))
    } else {
      self = .profile(id: key)
    }
  }

  /// Writes the key of what the log came to for a profile over what stands in `buffer`.
  public static func encode(filled id: Bytes, into buffer: inout [UInt8]) {
    buffer.removeAll(keepingCapacity: true)
    buffer.append(contentsOf: filledStart)
    buffer.append(contentsOf: id.buffer)
  }

  /// Under which hash a record stands in a store: that of the profile's id, apart from other kinds of records.
  public var storeHash: UInt64 {
    switch self {
    case .task: 0
    case .plan: Self.planHash
    case .filled(let id): Self.filledHash(Hash64.of(id))
    case .profile(let id): Hash64.of(id)
    }
  }

  /// Under which hash a store has the parts of plans.
  public static let planHash: UInt64 = 0x706C_616E_0000_00FF

  /// Under which hash a store has what the log came to for a profile whose id has a hash; and the other way round.
  public static func filledHash(_ hash: UInt64) -> UInt64 { hash ^ 0x6669_6C6C_0000_00FF }
}
