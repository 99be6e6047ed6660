/// What a record of the input is.
public enum RecordKind: UInt8, Sendable {
  /// An event: `track`, `page` or `screen`.
  case event
  /// Sets traits.
  case identify
  /// Says that two ids are one person's.
  case alias
  /// Erases a profile.
  case delete
}

/// One record, read. Everything in it is lent: it is valid until `RecordReader.kept` further ones are read.
public struct Record {
  /// Whose it is: `userId`, else `anonymousId`.
  public internal(set) var profile = Bytes.empty
  /// Stands for `profile` wherever profiles are looked up.
  public internal(set) var profileHash: UInt64 = 0
  /// Stands for its `messageId`; zero where it has none.
  public internal(set) var messageHash: UInt64 = 0
  /// The event's number in the taxonomy, or `unknownEvent`.
  public internal(set) var event: Int32 = Record.unknownEvent
  /// What it is.
  public internal(set) var kind = RecordKind.event

  var document: JSONDocument
  var timeMs = Int64.min
  /// Nodes of the document; `nowhere` where it has none.
  var nameNode = JSONDocument.nowhere
  var mergedNode = JSONDocument.nowhere
  var properties = JSONDocument.nowhere
  var identifiers = IdentifierFields()

  /// What stands for an event that the taxonomy does not know.
  public static let unknownEvent: Int32 = -1

  init(document: JSONDocument) { self.document = document }

  /// A place for a record that is not read yet.
  public init() { self.init(document: .empty) }

  /// When it happened; `nil` where the record does not say.
  public var time: Instant? { timeMs == .min ? nil : Instant(ms: timeMs) }

  /// The event's name as the record has it; empty for what is no `track`.
  public var eventName: Bytes { nameNode == JSONDocument.nowhere ? .empty : document.text(Int(nameNode)) }

  /// The anonymous profile that moves into this one; empty where none does.
  public var merged: Bytes { mergedNode == JSONDocument.nowhere ? .empty : document.text(Int(mergedNode)) }
}

/// Why a record is not applied (language, section 2).
public enum Rejection: String, Error, Sendable, CaseIterable {
  /// It is not JSON.
  case json
  /// It is of no known type.
  case type
  /// It is without a user.
  case user
  /// A `track` without a name.
  case name
  /// Its time cannot be read.
  case time
  /// It is larger than a record may be.
  case tooLarge = "too_large"
}

extension Rejection {
  /// Why, in words; nothing of the record itself.
  public var sentence: String {
    switch self {
    case .json: "it is not JSON"
    case .type: "it is of no known type; expected track, identify, page, screen, alias or delete"
    case .user: "it has neither a userId nor an anonymousId"
    case .name: "it is a track without an event"
    case .time: "its timestamp cannot be read; expected ISO 8601, or epoch milliseconds"
    case .tooLarge: "it is larger than 1 MiB"
    }
  }
}

/// What reading a record came to.
public enum Reading {
  /// It is to be applied.
  case record(Record)
  /// It is to be counted and passed over: a `group` record, or a tombstone.
  case skipped
  /// It is to be kept with the rejected ones, with this code.
  case rejected(Rejection)
}
