internal import Audiences
internal import Engine
internal import Events
internal import ProfileStore

/// The states of a task whose profiles are all in memory, while they are read from its changelog: of each profile the last
/// one. What was kept under the definitions of the process goes into an engine at once; the rest waits, as it is, until
/// it is known what it means.
final class MemoryStates {
  private let definitions: Definitions
  private let isFilling: Bool
  private var engine: PartitionEngine
  private var others: [[UInt8]: [UInt8]] = [:]

  /// - Parameter isFilling: whether they are what the log has come to under a plan that is not in force yet.
  init(_ definitions: Definitions, isFilling: Bool) {
    self.definitions = definitions
    self.isFilling = isFilling
    engine = PartitionEngine(plan: definitions.plan, isFilling: isFilling)
  }

  func put(_ state: Bytes, of id: Bytes) throws(CodecError) {
    if try ProfileCodec.head(of: state).plan == definitions.number {
      engine.restore(try ProfileCodec.decode(state, id: id, statusWords: definitions.plan.statusWords))
      if !others.isEmpty { others[Array(id.buffer)] = nil }
    } else {
      others[Array(id.buffer)] = Array(state.buffer)
      if engine.profilesInMemory > 0 { engine.restoreErasure(of: id) }
    }
  }

  func remove(_ id: Bytes) {
    engine.restoreErasure(of: id)
    if !others.isEmpty { others[Array(id.buffer)] = nil }
  }

  /// The engine of a plan with all that was kept under it; to be asked for once for each plan.
  ///
  /// - Parameter succession: for an engine that is to adopt those who were kept under another plan.
  func engine(
    under plan: Definitions, _ number: UInt32, _ succession: Succession? = nil
  ) throws(CodecError) -> PartitionEngine {
    if number == definitions.number, succession == nil { return takeEngine() }
    var made = PartitionEngine(plan: plan.plan, isFilling: isFilling, succession: succession)
    if number == definitions.number {
      _ = engine.forEachState(from: 0, most: .max) { made.restore($0) }
      return made
    }
    let words = plan.plan.statusWords
    for (id, state) in others where try ProfileCodec.head(of: state).plan == number {
      try id.withUnsafeBufferPointer { id throws(CodecError) in
        try state.withUnsafeBufferPointer { state throws(CodecError) in
          let (id, state) = (Bytes(UnsafeRawBufferPointer(id)), Bytes(UnsafeRawBufferPointer(state)))
          made.restore(try ProfileCodec.decode(state, id: id, statusWords: words))
        }
      }
      others[id] = nil
    }
    return made
  }

  /// The states that were kept under a plan, to be adopted; to be asked for once.
  func states(under number: UInt32) throws(CodecError) -> FormerStates {
    if number == definitions.number { return .engine(FormerEngine(takeEngine()), place: 0) }
    var states: [(id: [UInt8], state: [UInt8])] = []
    for (id, state) in others where try ProfileCodec.head(of: state).plan == number { states.append((id, state)) }
    return .bytes(states)
  }

  /// The ids of all but those that were kept under a plan.
  func ids(but number: UInt32?) throws(CodecError) -> [[UInt8]] {
    var ids: [[UInt8]] = []
    if number != definitions.number { _ = engine.forEachState(from: 0, most: .max) { ids.append(Array($0.id.buffer)) } }
    for (id, state) in others where try ProfileCodec.head(of: state).plan != number { ids.append(id) }
    return ids
  }

  /// The engine itself: it is not copied, so an empty one takes its place.
  private func takeEngine() -> PartitionEngine {
    var taken = PartitionEngine(plan: definitions.plan, isFilling: isFilling)
    swap(&taken, &engine)
    return taken
  }
}
