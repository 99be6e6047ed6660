import Testing
import YAML

/// The YAML 1.2 core schema.
struct ScalarTests {
  @Test(
    "Plain text has the type of the core schema",
    arguments: [
      ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nULL", .string),
      ("true", .bool), ("False", .bool), ("TRUE", .bool), ("tRUE", .string),
      ("yes", .string), ("no", .string), ("on", .string), ("off", .string), ("y", .string), ("Yes", .string),
      ("0", .integer), ("-12", .integer), ("+3", .integer), ("007", .integer), ("0o17", .integer), ("0x1F", .integer),
      ("0o8", .string), ("0xG", .string), ("-0x1", .string), ("0b1", .string), ("1_000", .string), ("12:30", .string),
      ("1.5", .float), (".5", .float), ("5.", .float), ("-1.5e+3", .float), ("1e3", .float), (".inf", .float),
      ("-.INF", .float), (".nan", .float), ("-.nan", .string), (".", .string), ("1e", .string), ("e3", .string),
      ("1.2.3", .string), ("+", .string), ("-", .string), ("2026-01-01", .string), ("7d", .string), ("<<", .string),
    ] as [(String, Scalar.CoreType)])
  func coreTypes(text: String, type: Scalar.CoreType) {
    #expect(Scalar(text).coreType == type)
    #expect(Scalar(text, style: .quoted).coreType == .string)
  }

  @Test("Whole numbers are read in each base, and only where they fit 64 bits")
  func integers() {
    #expect(Scalar("+12").integer == 12)
    #expect(Scalar("-0").integer == 0)
    #expect(Scalar("0x1f").integer == 31)
    #expect(Scalar("0o17").integer == 15)
    #expect(Scalar("9223372036854775807").integer == .max)
    #expect(Scalar("9223372036854775808").integer == nil)
    #expect(Scalar("1.0").integer == nil)
    #expect(Scalar("1", style: .quoted).integer == nil)
  }

  @Test("Truth values are read in each spelling of the core schema")
  func bools() {
    #expect(Scalar("true").bool == true)
    #expect(Scalar("TRUE").bool == true)
    #expect(Scalar("False").bool == false)
    #expect(Scalar("yes").bool == nil)
    #expect(Scalar("true", style: .quoted).bool == nil)
  }
}
