/// The identifiers of one profile in their one form, lent by whoever keeps them; empty where there is none.
public struct Identifiers: Sendable {
  /// Trimmed, in lower case; or a hash, as it came.
  public var email: Bytes
  /// E.164, with its plus; or a hash, as it came.
  public var phone: Bytes

  /// Identifiers, of which each may be empty.
  public init(email: Bytes = .empty, phone: Bytes = .empty) {
    self.email = email
    self.phone = phone
  }

  /// Whether there is none.
  public var isEmpty: Bool { email.isEmpty && phone.isEmpty }
}

extension Bytes {
  /// Whether it is a SHA-256 in hex already, whose text nobody can tell: it is taken as it is, and not hashed again.
  public var isHash: Bool {
    guard count == 2 * SHA256.length else { return false }
    for index in 0..<count {
      switch self[index] {
      case 0x30...0x39, 0x41...0x46, 0x61...0x66: continue
      default: return false
      }
    }
    return true
  }
}
