internal import CCrypto

/// Base64 (RFC 4648, section 4), by OpenSSL's libcrypto.
public enum Base64 {
  /// The text of some bytes.
  public static func text(_ bytes: [UInt8]) -> String {
    let count = (bytes.count + 2) / 3 * 4
    // libcrypto writes a NUL behind it.
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count + 1) { text in
      EVP_EncodeBlock(text.baseAddress, bytes, Int32(bytes.count))
      return String(decoding: text.prefix(count), as: UTF8.self)
    }
  }
}
