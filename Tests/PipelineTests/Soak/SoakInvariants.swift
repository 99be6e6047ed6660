import Foundation

/// What is true of any changes, whatever the definitions say.
struct SoakInvariants {
  /// A change, as far as the invariants need it.
  struct Change: Decodable {
    struct Properties: Decodable {
      var change: String
      var audience: String
      var seq: Int
    }
    struct Context: Decodable { var usher: Origin }
    struct Origin: Decodable {
      var partition: Int
      var offset: Int
    }
    var userId: String
    var messageId: String
    var timestamp: String
    var properties: Properties
    var context: Context

    var membership: String { "\(userId) in \(properties.audience)" }
    /// One record can bring a profile out of an audience and in again, but not twice the same at one instant.
    var cause: String {
      "\(context.usher.partition):\(context.usher.offset) \(membership) \(properties.change) \(timestamp)"
    }
  }

  private let diary: SoakDiary

  init(_ diary: SoakDiary) { self.diary = diary }

  /// Entries and exits take turns, `seq` has no gap, and nothing was brought twice.
  func check(_ changes: [Change]) {
    var last: [String: (seq: Int, isIn: Bool)] = [:]
    var (causes, ids): (Set<String>, Set<String>) = ([], [])
    var wrong: [String] = []
    for change in changes {
      let before = last[change.membership] ?? (0, false)
      let isIn = change.properties.change == "entered"
      if isIn == before.isIn { wrong.append("\(change.membership) \(change.properties.change) twice in turn") }
      if change.properties.seq != before.seq + 1 {
        wrong.append("\(change.membership): seq \(change.properties.seq) comes after \(before.seq)")
      }
      if !causes.insert(change.cause).inserted { wrong.append("\(change.cause) twice") }
      if !ids.insert(change.messageId).inserted { wrong.append("message id \(change.messageId) twice") }
      last[change.membership] = (change.properties.seq, isIn)
    }
    if let first = wrong.first { diary.problem("\(wrong.count) invariants broken; the first: \(first)") }
  }

  /// Who is in after all changes.
  static func members(after changes: [Change]) -> Set<String> {
    var members: Set<String> = []
    for change in changes {
      if change.properties.change == "entered" {
        members.insert(change.membership)
      } else {
        members.remove(change.membership)
      }
    }
    return members
  }

  /// Whose a membership is, of those that ``members(after:)`` gives.
  static func profile(of member: String) -> String { String(member.prefix { $0 != " " }) }

  /// A change as its record says it.
  static func read(_ record: Incoming) throws -> Change {
    try JSONDecoder().decode(Change.self, from: Data((record.value ?? "").utf8))
  }
}
