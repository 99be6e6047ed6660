internal import CCrypto

/// SHA-256 (FIPS 180-4), by OpenSSL's libcrypto.
public enum SHA256 {
  /// How many bytes a digest has.
  public static let length = 32

  /// Lends the digest of some bytes for the length of one call.
  public static func withDigest<Result>(of bytes: Bytes, _ body: (Bytes) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length) { digest in
      guard let start = digest.baseAddress else { preconditionFailure("a buffer of 32 bytes has an address") }
      _ = CCrypto.SHA256(bytes.start, bytes.count, start)
      return body(Bytes(UnsafePointer(start), count: length))
    }
  }
}
