import Events
import Testing

@Suite("Identifiers in their one form")
struct IdentifierTests {
  private static let hash = "b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514"

  private func form(_ kind: IdentifierKind, _ text: String, country: String? = nil, region: String? = nil) -> String? {
    var reader = IdentifierReader(region: region.flatMap { withBytes($0) { Region($0) } })
    return withBytes(text) { stated in
      guard let country else { return reader.read(kind, stated, country: nil)?.text }
      return withBytes(country) { reader.read(kind, stated, country: $0)?.text }
    }
  }

  private func withBytes<Result>(_ text: String, _ body: (Bytes) -> Result) -> Result {
    Array(text.utf8).withUnsafeBytes { body(Bytes($0)) }
  }

  @Test(
    "of an e-mail address: without blanks around it, in lower case; what is none is none",
    arguments: [
      ("ada@example.com", "ada@example.com"), (" Ada@Example.COM\t", "ada@example.com"),
      ("A.D.A+x@gmail.com", "a.d.a+x@gmail.com"), ("ZOË@example.com", "zoë@example.com"), ("a@b", "a@b"),
      ("ada", nil), ("@b", nil), ("a@", nil), ("\u{a0}ada@example.com\u{200b} ", "ada@example.com"),
      ("ada\u{a0}x@example.com", nil),
      ("<ada@example.com>", nil), ("mailto:ada@example.com", nil), ("ada@example.com,", nil),
      ("a@b@c", nil), ("a d@b", nil), ("a@b c", nil), ("", nil), ("  ", nil),
      (String(repeating: "a", count: 252) + "@b", String(repeating: "a", count: 252) + "@b"),
      (String(repeating: "a", count: 253) + "@b", nil), (hash, hash), (hash.uppercased(), hash),
    ])
  func email(stated: String, expected: String?) {
    #expect(form(.email, stated) == expected)
  }

  @Test(
    "of a phone number: E.164, by the record's country, else by the region",
    arguments: [
      ("+14155550132", nil, nil, "+14155550132"), (" +1 (415) 555-0132 ", nil, nil, "+14155550132"),
      ("(415) 555-0132", "US", nil, "+14155550132"), ("(415) 555-0132", "us ", "DE", "+14155550132"),
      ("4155550132", nil, "US", "+14155550132"), ("4155550132", "United States", "US", "+14155550132"),
      ("030 901820", "DE", "US", "+4930901820"), ("07400 123456", "UK", nil, "+447400123456"),
      ("+49 30 901820", "US", "US", "+4930901820"),
      ("(415) 555-0132", nil, nil, nil), ("4155550132", "United States", nil, nil), ("12", "US", "US", nil),
      ("call me", "US", "US", nil), ("", "US", "US", nil), (String(repeating: "4", count: 2000), "US", "US", nil),
      (hash, nil, nil, hash),
    ] as [(String, String?, String?, String?)])
  func phone(stated: String, country: String?, region: String?, expected: String?) {
    #expect(form(.phone, stated, country: country, region: region) == expected)
  }

  @Test("hashed as each platform wants them")
  func platforms() {
    let gmail = "a.da+x@googlemail.com"
    let written = withBytes(gmail) { email in
      withBytes("+14155550132") { phone in
        var json = JSONWriter()
        var platforms = PlatformIdentifiers()
        platforms.write(Identifiers(email: email, phone: phone), to: &json)
        return json.text
      }
    }
    // SHA-256 of a.da+x@googlemail.com, ada+x@googlemail.com, 14155550132 and +14155550132.
    let (kept, dotless) = (
      "8880918283256fa4c6a5c3c0e66f8be4e6f67de1343ac6f912483196148698f1",
      "17287d464311aaf00794d77e483fd639d89c068c8e51a2918dcf5b441603d7c7"
    )
    let (digits, plus) = (
      "11072303eb5c8cb5c5a1ebb762f11b37b07131265b46fdfe1276196bfbd3ca51",
      "9e1919ad78a34fd67a84bfbcf2fea14074065517bea32e92924771c3f92e5462"
    )
    #expect(
      written == ",\"identifiers\":{\"meta\":{\"email\":\"\(kept)\",\"phone\":\"\(digits)\"},"
        + "\"google\":{\"email\":\"\(dotless)\",\"phone\":\"\(plus)\"},"
        + "\"tiktok\":{\"email\":\"\(kept)\",\"phone\":\"\(plus)\"}}")
  }

  @Test("that came as hashes are not hashed again, and what is not there is left out")
  func hashes() {
    let written = withBytes(Self.hash) { hash in
      var json = JSONWriter()
      var platforms = PlatformIdentifiers()
      platforms.write(Identifiers(), to: &json)
      platforms.write(Identifiers(phone: hash), to: &json)
      return json.text
    }
    let one = "{\"phone\":\"\(Self.hash)\"}"
    #expect(written == ",\"identifiers\":{\"meta\":\(one),\"google\":\(one),\"tiktok\":\(one)}")
  }

  @Test("Traits by which a person could be known are known by their names, however written")
  func personal() {
    for name in [
      "email", "Phone", "first_name", "firstName", "last-name", "ZIP", "ip", "postal code", "contact_email",
      "homePhone",
    ] {
      #expect(PersonalTraits.isPersonal(name), "\(name)")
    }
    for name in ["ltv", "tier", "favorite_category", "product_name", "country"] {
      #expect(!PersonalTraits.isPersonal(name), "\(name)")
    }
  }
}
