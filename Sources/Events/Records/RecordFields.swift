/// The members of a record that mean something; of equal keys the last one counts, as in every JSON parser of note.
struct RecordFields {
  static let none = JSONDocument.nowhere

  var type = none
  var event = none
  var userId = none
  var anonymousId = none
  var messageId = none
  var timestamp = none
  var properties = none
  var traits = none
  var previousId = none
  var context = none

  init(_ document: JSONDocument) {
    var place = 1
    while place < document.count {
      let key = document.key(place)
      let node = Int32(truncatingIfNeeded: place)
      switch key.count {
      case 4: if key == Bytes("type") { type = node }
      case 5: if key == Bytes("event") { event = node }
      case 6: if key == Bytes("userId") { userId = node } else if key == Bytes("traits") { traits = node }
      case 7: if key == Bytes("context") { context = node }
      case 9: if key == Bytes("messageId") { messageId = node } else if key == Bytes("timestamp") { timestamp = node }
      case 10:
        if key == Bytes("properties") { properties = node } else if key == Bytes("previousId") { previousId = node }
      case 11: if key == Bytes("anonymousId") { anonymousId = node }
      default: break
      }
      place = document.next(place)
    }
  }

  /// Whose it is.
  func profile(_ document: JSONDocument) throws(Rejection) -> Bytes {
    if isIdentifier(userId, document) { return document.text(Int(userId)) }
    if isIdentifier(anonymousId, document) { return document.text(Int(anonymousId)) }
    throw .user
  }

  /// Where both ids are there, and differ: the anonymous profile moves into the known one.
  func mergedByIdentify(_ document: JSONDocument) -> Int32 { other(anonymousId, document) }

  /// The Segment Spec names the former id `previousId`; without it, it is the anonymous one.
  func mergedByAlias(_ document: JSONDocument) -> Int32 {
    other(isIdentifier(previousId, document) ? previousId : anonymousId, document)
  }

  private func other(_ node: Int32, _ document: JSONDocument) -> Int32 {
    guard isIdentifier(userId, document), isIdentifier(node, document) else { return Self.none }
    return document.text(Int(userId)) == document.text(Int(node)) ? Self.none : node
  }

  /// A string that is not empty; a number is its digits.
  private func isIdentifier(_ node: Int32, _ document: JSONDocument) -> Bool {
    guard node != Self.none else { return false }
    switch document.kind(Int(node)) {
    case .string, .number: return !document.text(Int(node)).isEmpty
    default: return false
    }
  }

  /// Where the name of a `track` stands.
  func name(_ document: JSONDocument) throws(Rejection) -> Int32 {
    guard event != Self.none, document.kind(Int(event)) == .string, !document.text(Int(event)).isEmpty else {
      throw .name
    }
    return event
  }

  /// In milliseconds; `min` where the record does not say.
  func timeMs(_ document: JSONDocument) throws(Rejection) -> Int64 {
    guard timestamp != Self.none, !document.isAbsent(Int(timestamp)) else { return .min }
    let text = document.text(Int(timestamp))
    switch document.kind(Int(timestamp)) {
    case .string:
      guard let time = Instant(timeString: text) else { throw .time }
      return time.ms
    case .number:
      guard let number = Millionths(decimal: text) else { throw .time }
      return Instant(epoch: number).ms
    default: throw .time
    }
  }

  /// Never zero for a record that has an id.
  func messageHash(_ document: JSONDocument) -> UInt64 {
    isIdentifier(messageId, document) ? max(1, Hash64.of(document.text(Int(messageId)))) : 0
  }
}
