public import Events

/// What the lock file remembers of one audience.
public struct LockEntry: Sendable, Hashable {
  /// The version under which its logic was locked.
  public var version: Int
  /// The SHA-256 of its logic, in 64 hexadecimal digits.
  public var logic: String
  /// Whether a part of its people is held out, and until when.
  public var holdout: Held
  /// Changes that were made while people were held out, and why; the latest last.
  public var forced: [ForcedChange]

  /// What is remembered of an audience.
  public init(version: Int, logic: String, holdout: Held, forced: [ForcedChange] = []) {
    self.version = version
    self.logic = logic
    self.holdout = holdout
    self.forced = forced
  }

  /// Whether a holdout runs.
  public enum Held: Sendable, Hashable {
    /// Nobody is held out.
    case nobody
    /// Some are, until that instant; without end where there is none.
    case some(until: Instant?)

    /// Whether people are held out at an instant.
    public func isRunning(at instant: Instant) -> Bool {
      switch self {
      case .nobody: false
      case .some(let until): until.map { instant < $0 } ?? true
      }
    }
  }
}

/// A change of logic that was made while people were held out.
public struct ForcedChange: Sendable, Hashable {
  /// The version that came with it.
  public var version: Int
  /// When it was locked.
  public var at: Instant
  /// Why it could not wait.
  public var reason: String

  /// A change to a version at an instant.
  public init(version: Int, at: Instant, reason: String) {
    self.version = version
    self.at = at
    self.reason = reason
  }
}

extension LockEntry {
  /// What is to be remembered of an audience as it is now.
  init(of audience: AudienceDefinition, _ texts: LogicText, forced: [ForcedChange] = []) {
    version = audience.version
    logic = Self.hash(texts.of(audience))
    holdout = Held(audience.holdout)
    self.forced = forced
  }

  /// SHA-256 in hexadecimal digits.
  static func hash(_ text: String) -> String {
    var writer = JSONWriter(capacity: text.utf8.count)
    writer.text(text)
    var digits = JSONWriter(capacity: SHA256.length * 2)
    digits.sha256(of: writer.bytes)
    return digits.text
  }
}

extension LockEntry.Held {
  fileprivate init(_ holdout: Holdout?) {
    guard let holdout, holdout.hundredths > 0 else {
      self = .nobody
      return
    }
    self = .some(until: holdout.until)
  }
}
