internal import CCrypto

/// Message authentication with a shared secret (RFC 2104), by OpenSSL's libcrypto.
public enum HMAC {
  /// HMAC-SHA256 of a message: 32 bytes.
  public static func sha256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: SHA256.length) { code, count in
      CCrypto.HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, code.baseAddress, nil)
      count = SHA256.length
    }
  }
}
