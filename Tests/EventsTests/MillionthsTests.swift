import Events
import Testing

@Suite("Numbers are exact millionths")
struct MillionthsTests {
  @Test(
    "as JSON writes them",
    arguments: [
      ("0", 0), ("-0", 0), ("7", 7_000_000), ("84.5", 84_500_000), ("-12.5", -12_500_000), ("1e3", 1_000_000_000),
      ("25E-1", 2_500_000), ("1E+2", 100_000_000), ("0.1e1", 1_000_000), ("123.456e-3", 123_456), ("0e999999999", 0),
      ("0.3", 300_000), ("1.000001", 1_000_001), ("1e-6", 1), ("1e-400", 0), ("0.0000000000000000000000000000001", 0),
    ] as [(String, Int64)])
  func reads(text: String, units: Int64) {
    #expect(Millionths(decimal: text)?.units == units)
  }

  @Test(
    "further digits are rounded, ties away from zero",
    arguments: [
      ("0.0000005", 1), ("-0.0000005", -1), ("0.0000004", 0), ("0.00000049999999999999999999999999999999999999", 0),
      ("0.00000050000000000000000000000000000000000000", 1), ("1.4999995", 1_500_000), ("5e-7", 1), ("49e-8", 0),
      ("2.5000004999", 2_500_000), ("-2.5000005", -2_500_001), ("1234567890123456789012345678901234567e-37", 123_457),
    ] as [(String, Int64)])
  func rounds(text: String, units: Int64) {
    #expect(Millionths(decimal: text)?.units == units)
  }

  @Test(
    "within 64 bits and no further",
    arguments: [
      ("9223372036854.775807", Int64.max), ("-9223372036854.775808", Int64.min), ("9223372036854.7758074", Int64.max),
      ("-9223372036854.7758084", Int64.min), ("9223372036854775807e-6", Int64.max), ("9223372036854.7758075", nil),
      ("9223372036854.775808", nil), ("-9223372036854.7758085", nil), ("-9223372036854.775809", nil), ("1e13", nil),
      ("18446744073709.551616", nil), ("1e30", nil), ("-1e400", nil), ("1e999999999999999999999", nil),
      ("123456789012345678901234567890123456789012345678901234567890", nil),
    ] as [(String, Int64?)])
  func bounds(text: String, units: Int64?) {
    #expect(Millionths(decimal: text)?.units == units)
  }

  @Test("of a million digits the exponent counts too")
  func manyDigits() {
    let zeros = String(repeating: "0", count: 1_040_000)
    #expect(Millionths(decimal: "0.\(zeros)12e1040001")?.units == 1_200_000)
    #expect(Millionths(decimal: "12\(zeros)e-1040000")?.units == 12_000_000)
  }

  @Test(
    "anything else is no number",
    arguments: [
      "", "-", ".", ".5", "5.", "+3", "1e", "1e+", "e3", "1,5", " 1", "1 ", "0x1F", "1_000", "NaN", "--1", "1.2.3",
    ])
  func refuses(text: String) {
    #expect(Millionths(decimal: text) == nil)
  }

  @Test("only plain decimals in a string count as numbers")
  func numericStrings() {
    func units(_ text: String) -> Int64? { lend(text) { Millionths(numericString: $0)?.units } }
    #expect(units("7") == 7_000_000)
    #expect(units("-0.5") == -500_000)
    #expect(units("007.50") == 7_500_000)
    for text in ["", "-", "1e1", "1E1", " 3", "3 ", "+3", ".5", "5.", "5.-1", "٣", "1\u{0}", "99999999999999999999"] {
      #expect(units(text) == nil, "'\(text)'")
    }
  }

  @Test("products are rounded, ties away from zero, and absent beyond 64 bits")
  func products() {
    func product(_ a: Int64, _ b: Int64) -> Int64? {
      Millionths.product(Millionths(units: a), Millionths(units: b))?.units
    }
    #expect(product(2_500_000, 4_000_000) == 10_000_000)
    #expect(product(1, 500_000) == 1)
    #expect(product(-1, 500_000) == -1)
    #expect(product(1, 499_999) == 0)
    #expect(product(-1, -500_000) == 1)
    #expect(product(.max, 1_000_000) == .max)
    #expect(product(.min, 1_000_000) == .min)
    #expect(product(.min, -1_000_000) == nil)
    #expect(product(.max, 1_000_001) == nil)
    #expect(product(.min, .min) == nil)
    #expect(product(.max, .min) == nil)
    #expect(product(.max, 0) == 0)
  }

  @Test("are written in the shortest form, which reads back")
  func description() {
    let told: [(Int64, String)] = [
      (0, "0"), (300_000_000, "300"), (12_500_000, "12.5"), (-1, "-0.000001"), (1, "0.000001"), (-500_000, "-0.5"),
      (.max, "9223372036854.775807"), (.min, "-9223372036854.775808"),
    ]
    for (units, text) in told {
      #expect(Millionths(units: units).description == text)
      #expect(Millionths(decimal: text)?.units == units)
    }
  }
}
