import Events
import Testing

@testable import usher

struct ArgumentsTests {
  static let count = Option.integer("count", "N", in: 1...10, default: 3, "how many")
  static let window = Option<DurationMs?>.duration("window", "DURATION", "how long")
  static let quiet = Option<Bool>.flag("quiet", "say nothing")
  static let name = Option.texts("name", "NAME", "a name")
  static let verb = VerbDeclaration(
    name: "look", summary: "look at something",
    operands: [
      Operand(placeholder: "near|far", kind: .choice(["near", "far"]), help: "where to look"),
      Operand(placeholder: "FILE", kind: .path, help: "what to look at", isRequired: false),
    ],
    options: [count.declaration, window.declaration, quiet.declaration, name.declaration])

  private func read(_ words: String...) throws(UsageError) -> Arguments { try Arguments(words, for: Self.verb) }

  @Test func optionsStandBeforeAndAfterOperandsInBothForms() throws {
    let arguments = try read("--count", "7", "near", "--window=45m", "--quiet", "a.txt")
    #expect(arguments[Self.count] == 7)
    #expect(arguments[Self.window] == DurationMs(ms: 45 * 60_000))
    #expect(arguments[Self.quiet])
    #expect(arguments.operand(0) == "near")
    #expect(arguments.operand(1) == "a.txt")
  }

  @Test func whatIsNotGivenHasItsDefault() throws {
    let arguments = try read("far")
    #expect(arguments[Self.count] == 3)
    #expect(arguments[Self.window] == nil)
    #expect(!arguments[Self.quiet])
    #expect(!arguments.has(Self.count))
    #expect(arguments.operand(1) == nil)
  }

  @Test func ofAnOptionGivenTwiceTheLaterCountsUnlessItRepeats() throws {
    let arguments = try read("far", "--count", "2", "--count", "4", "--name", "a", "--name", "b")
    #expect(arguments[Self.count] == 4)
    #expect(arguments[Self.name] == ["a", "b"])
  }

  @Test func afterTwoDashesEveryWordIsAnOperand() throws {
    #expect(try read("near", "--", "--count").operand(1) == "--count")
  }

  @Test func aSingleDashIsAValue() throws {
    #expect(try read("near", "-").operand(1) == "-")
  }

  @Test(arguments: [("--cuont", "--count"), ("--windw=2h", "--window"), ("-quiet", "--quiet"), ("--hlep", "--help")])
  func anUnknownOptionNamesTheNearest(word: String, nearest: String) throws {
    let error = #expect(throws: UsageError.self) { try read("near", word) }
    #expect(error?.suggestion == nearest)
    #expect(error?.verb == "look")
  }

  @Test func anUnknownChoiceNamesTheNearest() {
    let error = #expect(throws: UsageError.self) { try read("fra") }
    #expect(error?.suggestion == "far")
    #expect(error?.message.contains("near, far") == true)
  }

  @Test(arguments: ["0", "11", "-3", "many", ""])
  func aNumberOutOfItsBoundsIsRefused(text: String) {
    let error = #expect(throws: UsageError.self) { try read("near", "--count", text) }
    #expect(error?.message.contains("from 1 to 10") == true)
  }

  @Test func aMissingOperandIsTold() {
    #expect(throws: UsageError(message: "near|far is missing: where to look", verb: "look")) { try read() }
  }

  @Test func aWordTooManyIsTold() {
    #expect(throws: UsageError(message: "look has no use for 'c'", verb: "look")) { try read("near", "a", "c") }
  }

  @Test func aMissingValueIsTold() {
    let error = #expect(throws: UsageError.self) { try read("near", "--window", "--quiet") }
    #expect(error?.message.contains("--window wants a value") == true)
  }

  @Test func aFlagTakesNoValue() {
    #expect(throws: UsageError(message: "--quiet takes no value", verb: "look")) { try read("near", "--quiet=yes") }
  }
}
