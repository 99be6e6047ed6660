/// Identifiers as each ad platform wants them hashed (destinations.md, 3.1 to 3.3 and 5): SHA-256 in hex of
///
/// | | Meta | Google | TikTok |
/// | --- | --- | --- | --- |
/// | email | as it is kept: trimmed, in lower case | without dots before `@gmail.com` and `@googlemail.com` | as it is kept |
/// | phone | digits alone | with the plus | with the plus |
///
/// What came as a hash is passed on as it is.
public struct PlatformIdentifiers: ~Copyable {
  private var form = JSONWriter(capacity: 512)

  /// A writer of them.
  public init() {}

  /// Writes `,"identifiers":{"meta":{..},"google":{..},"tiktok":{..}}`; nothing where there is no identifier.
  public mutating func write(_ identifiers: Identifiers, to json: inout JSONWriter) {
    if identifiers.isEmpty { return }
    json.raw(",\"identifiers\":{\"meta\":")
    write(email: identifiers.email, phone: identifiers.phone.withoutPlus, to: &json)
    json.raw(",\"google\":")
    write(email: emailForGoogle(identifiers.email), phone: identifiers.phone, to: &json)
    json.raw(",\"tiktok\":")
    write(email: identifiers.email, phone: identifiers.phone, to: &json)
    json.byte(0x7D)
  }

  private func write(email: Bytes, phone: Bytes, to json: inout JSONWriter) {
    json.byte(0x7B)
    if !email.isEmpty {
      json.raw("\"email\":")
      Self.write(email, to: &json)
    }
    if !phone.isEmpty {
      json.raw(email.isEmpty ? "\"phone\":" : ",\"phone\":")
      Self.write(phone, to: &json)
    }
    json.byte(0x7D)
  }

  private static func write(_ identifier: Bytes, to json: inout JSONWriter) {
    json.byte(0x22)
    if identifier.isHash {
      json.raw(identifier)
    } else {
      json.sha256(of: identifier)
    }
    json.byte(0x22)
  }

  /// Lent until the next one.
  private mutating func emailForGoogle(_ email: Bytes) -> Bytes {
    guard let at = email.lastIndex(of: UInt8(ascii: "@")) else { return email }
    let domain = email.slice(at + 1, email.count)
    guard domain == Bytes("gmail.com") || domain == Bytes("googlemail.com") else { return email }
    form.clear()
    for index in 0..<at where email[index] != UInt8(ascii: ".") { form.byte(email[index]) }
    form.raw(email.slice(at, email.count))
    return form.bytes
  }
}

extension Bytes {
  fileprivate var withoutPlus: Bytes { !isEmpty && self[0] == UInt8(ascii: "+") ? slice(1, count) : self }

  fileprivate func lastIndex(of byte: UInt8) -> Int? {
    for index in stride(from: count - 1, through: 0, by: -1) where self[index] == byte { return index }
    return nil
  }
}
