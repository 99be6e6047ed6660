internal import CCrypto

/// SHA-256 (FIPS 180-4), by OpenSSL's libcrypto.
public enum SHA256 {
  /// How many bytes a digest has.
  public static let length = 32

  /// Lends the digest of some bytes for the length of one call.
  public static func withDigest<Result>(of bytes: Bytes, _ body: (Bytes) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length) { digest in
      guard let start = digest.baseAddress else { preconditionFailure("a buffer of 32 bytes has an address") }
      var context = SHA256_CTX()
      SHA256_Init(&context)
      SHA256_Update(&context, bytes.start, bytes.count)
      SHA256_Final(start, &context)
      return body(Bytes(UnsafePointer(start), count: length))
    }
  }
}

extension JSONWriter {
  /// Writes the SHA-256 of some bytes in hexadecimal digits, in lower case.
  public mutating func sha256(of bytes: Bytes) {
    SHA256.withDigest(of: bytes) { hex($0) }
  }
}
