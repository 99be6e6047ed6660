import CPostgres

/// What PostgreSQL could not do: its condition's code, and words that hold no value of any row.
///
/// The server's own sentence is told only for conditions that are about the database rather than about data: sentences
/// about data may quote it.
struct PostgresError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The condition: five characters of SQLSTATE (PostgreSQL, appendix A); empty where there was no answer.
  let code: String
  /// What happened, in words.
  let words: String

  /// What kind of thing went wrong, as far as Usher tells cases apart.
  enum Kind: Sendable, Equatable {
    /// There is no connection, or it broke; the server may be starting, or going down.
    case unreachable
    /// The server does not let this user in.
    case refused
    /// Another transaction was in the way; the same will go well again.
    case conflict
    /// The server has no room, memory or connection left.
    case full
    /// A value is one that PostgreSQL cannot keep, whenever it is tried.
    case data
    /// The user may not do this.
    case forbidden
    /// It holds less than it has said before.
    case movedBack
    /// Anything else; `code` tells it.
    case other
  }

  /// The database stands at an earlier offset than it has said. No condition of PostgreSQL's.
  static let movedBack = PostgresError(code: "moved", words: "")

  /// What kind of thing went wrong.
  var kind: Kind {
    switch code {
    case "": .unreachable
    // Going down, starting, or a standby now.
    case "57P01", "57P02", "57P03", "57P05", "25P03", "25006": .unreachable
    case PostgresError.movedBack.code: .movedBack
    case "55P03", "57014": .conflict
    case "42501": .forbidden
    // An index has no room for a text that long.
    case "54000": .data
    default:
      switch code.prefix(2) {
      case "08": .unreachable
      case "28", "3D": .refused
      case "40": .conflict
      case "53", "58": .full
      case "22": .data
      default: .other
      }
    }
  }

  /// The words and the code.
  var description: String { code.isEmpty ? words : "\(words) [\(code)]" }

  init(code: String, words: String) {
    self.code = code
    self.words = words
  }

  /// What a connection says about its last call.
  init(_ connection: OpaquePointer?) {
    self.init(code: "", words: Self.line(PQerrorMessage(connection)))
  }

  /// Why there is no connection. Where a server has answered, libpq's first line ends in `FATAL:  28P01: password …`,
  /// whose first word is in the server's language.
  init(connecting connection: OpaquePointer?) {
    if let connection, PQconnectionNeedsPassword(connection) != 0 {
      self.init(code: "28P01", words: "it asks for a password, and none is given")
      return
    }
    let message = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
    let line = message.split(whereSeparator: \.isNewline).first ?? "no answer in time"
    guard let mark = line.firstRange(of: ":  ") else {
      self.init(code: "", words: String(line))
      return
    }
    let answer = line[mark.upperBound...]
    let isCondition = answer.utf8.prefix(5).allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    guard isCondition, answer.dropFirst(5).hasPrefix(": ") else {
      self.init(code: "", words: String(line))
      return
    }
    self.init(code: String(answer.prefix(5)), words: String(answer.dropFirst(7)))
  }

  /// What the server answered.
  init(_ result: OpaquePointer?, on connection: OpaquePointer?) {
    // PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY: characters that are not imported.
    guard let result, let code = PQresultErrorField(result, Int32(UInt8(ascii: "C"))) else {
      self.init(connection)
      return
    }
    let bare = PostgresError(code: String(cString: code), words: "")
    let message = PQresultErrorField(result, Int32(UInt8(ascii: "M")))
    self.init(code: bare.code, words: bare.kind == .data ? "a value that it cannot keep" : Self.line(message))
  }

  /// A message in one line, without what is only about the form of it.
  private static func line(_ message: UnsafePointer<CChar>?) -> String {
    guard let message else { return "no answer" }
    let lines = String(cString: message).split(whereSeparator: \.isNewline)
    let text = lines.map { $0.drop { $0 == " " || $0 == "\t" } }.joined(separator: "; ")
    return text.isEmpty ? "no answer" : text
  }
}
