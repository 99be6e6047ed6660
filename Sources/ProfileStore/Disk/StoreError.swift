import CRocksDB
import Glibc

/// What a store on disk could not do, where, why, and what to do. It names no profile.
public struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, as far as Usher tells cases apart.
  public enum Kind: Sendable, Equatable {
    /// What is on disk is not what was written.
    case damaged
    /// Another version of Usher wrote it, or something else altogether.
    case otherForm
    /// Another process has it open.
    case locked
    /// There is no room left on the disk.
    case diskFull
    /// The folder, or a file in it, may not be read or written.
    case notPermitted
    /// Anything else that the system or RocksDB refuses.
    case other
  }

  /// What went wrong, as far as Usher tells cases apart.
  public let kind: Kind
  /// What was to be done: `open`, `write to` …
  public let operation: String
  /// The store's folder.
  public let folder: String
  /// Why, in the words of the system or of RocksDB.
  public let reason: String

  init(_ kind: Kind, _ operation: String, folder: String, reason: String) {
    self.kind = kind
    self.operation = operation
    self.folder = folder
    self.reason = reason
  }

  /// A store in which something was read that is not what was put there.
  public static func unreadable(in folder: String, because reason: String) -> StoreError {
    StoreError(.damaged, "read", folder: folder, reason: reason)
  }

  /// A store that somebody else has open.
  package static func locked(_ folder: String) -> StoreError {
    StoreError(.locked, "open", folder: folder, reason: "somebody else has it open")
  }

  /// Whether the store is of no use any more, so that it is to be set aside and made anew from the changelog. Where
  /// not, the store may be good, and what hinders it is to be seen to.
  public var isDamaged: Bool { kind == .damaged || kind == .otherForm }

  /// A sentence: `cannot open the profile store in /data/3: … Set it aside …`.
  public var description: String { "cannot \(operation) the profile store in \(folder): \(reason). \(advice)" }

  private var advice: String {
    switch kind {
    case .damaged: "It is to be set aside and made anew from the changelog; look at the disk that it is on"
    case .otherForm: "It is to be set aside and made anew from the changelog"
    case .locked: "Stop the other process, or give each its own folder"
    case .diskFull: "Make room on the disk, and start again"
    case .notPermitted: "Let the user that runs Usher read and write the folder and everything in it"
    case .other: "Check the folder and the disk that it is on"
    }
  }
}

extension StoreError {
  /// What RocksDB says; `nil` where all went well. Its words are given back.
  init?(_ failure: usher_failure, _ operation: String, folder: String) {
    guard let words = failure.words else { return nil }
    defer { free(words) }
    let reason = String(cString: words)
    self.init(Self.kind(failure.code, failure.detail, reason), operation, folder: folder, reason: reason)
  }

  /// What the system says.
  init(errno code: Int32, _ operation: String, folder: String) {
    let reason = String(cString: strerror(code))
    self.init(Self.kind(errno: code), operation, folder: folder, reason: reason)
  }

  static func kind(errno code: Int32) -> Kind {
    switch code {
    case EACCES, EPERM, EROFS: .notPermitted
    case ENOSPC, EDQUOT: .diskFull
    default: .other
    }
  }

  /// RocksDB has codes for damage and for a full disk. Locks and permissions it tells by its words alone, which end with
  /// the system's.
  static func kind(_ code: Int32, _ detail: Int32, _ reason: String) -> Kind {
    switch (Int(code), Int(detail)) {
    case (USHER_CODE_CORRUPTION, _), (USHER_CODE_IO, USHER_DETAIL_PATH_NOT_FOUND): return .damaged
    case (USHER_CODE_NOT_SUPPORTED, _): return .otherForm
    case (_, USHER_DETAIL_NO_SPACE), (_, USHER_DETAIL_SPACE_LIMIT): return .diskFull
    default: break
    }
    let words = [EACCES, EPERM, EROFS].map { String(cString: strerror($0)) }
    if words.contains(where: reason.hasSuffix) { return .notPermitted }
    if reason.hasSuffix(String(cString: strerror(EDQUOT))) { return .diskFull }
    let isLock = reason.contains("lock hold by current process") || reason.contains("While lock file")
    return isLock ? .locked : .other
  }
}
