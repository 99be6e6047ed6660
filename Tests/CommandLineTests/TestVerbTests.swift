import Audiences
import Engine
import Events
import Foundation
import FoundationXML
import Pipeline
import Testing

@testable import usher

/// `usher test`, from a folder to what is said.
struct TestVerbTests {
  private static let audiences = [
    "buyers": "purpose: suppress\nwhen: { event: Order Completed, within: 7d }\n",
    "browsers": """
    when:
      all:
        - { event: Product Viewed, within: 1d }
        - not: { event: Order Completed, within: 30d }
    unless: [buyers]
    """,
  ]

  private static func folder(_ tests: String, of key: String = "browsers") throws -> ProjectFolder {
    let folder = try ProjectFolder(audiences: audiences)
    try folder.write(tests, audience: "\(key).test")
    return folder
  }

  /// What running these tests of `browsers` comes to.
  private static func report(_ tests: String) throws -> TestReport {
    try run(folder(tests))
  }

  /// The folder goes with its object, so that is kept for as long as the command runs.
  private static func run(_ folder: ProjectFolder, keys: [String] = []) throws -> TestReport {
    try withExtendedLifetime(folder) { try TestCommand(folder: folder.path, keys: keys).run() }
  }

  private static let right = """
    profiles:
      browser:
        events:
          - { at: 2026-11-20T10:00:00Z, event: Product Viewed }
        expect:
          - { at: 2026-11-20T10:00:00Z, status: in, reason: event, event: Product Viewed }
          - { at: 2026-11-21T10:00:00Z, status: out, reason: expired, entered: 2026-11-20T10:00:00Z }

    """

  @Test func profilesThatComeOutAsExpectedPass() throws {
    let report = try Self.report(Self.right)
    #expect(report.exitCode == 0 && report.failures == 0 && report.profiles == 1 && report.expectations == 2)
    let text = report.text(on: try Recorder().terminal)
    #expect(text.hasPrefix("browsers\n  ok    browser\n\n1 profile passed (2 expectations, "))
  }

  @Test func aDifferenceIsToldWithWhatWasFoundAndTheLeafThatDecided() throws {
    let report = try Self.report(
      """
      profiles:
        purchaser:
          events:
            - { at: 2026-11-20T10:00:00Z, event: Product Viewed }
            - { at: +1h, event: Order Completed }
          expect:
            - { at: +0s, status: in }
      """)
    #expect(report.exitCode == 1)
    let text = report.text(on: try Recorder().terminal)
    let expected = """
      browsers
        FAIL  purchaser
              ops/audiences/browsers.test.yaml:7: browsers at 2026-11-20T11:00:00.000Z
                expected  in
                found     out since 2026-11-20T11:00:00.000Z (entered 2026-11-20T10:00:00.000Z), by an event \
      (Order Completed)
                because   the condition does not hold
                  yes  who had a Product Viewed in the last 24 hours
                  no   who had no Order Completed in the last 30 days   <- decided

      1 of 1 profile failed (1 expectation, 
      """
    #expect(text.hasPrefix(expected.dropLast(1)), "\(text)")
  }

  @Test(
    "Each part of an expectation is held against what is found",
    arguments: [
      ("status: control", [UnmetPart.status]), ("status: in, reason: expired", [.reason]),
      ("status: in, event: Order Completed", [.event]), ("status: in, entered: 2026-11-20T09:00:00Z", [.entered]),
      ("status: in, reason: suppressed, by: buyers", [.reason, .by]), ("status: in, reason: event", []),
    ])
  func parts(expectation: String, differences: [UnmetPart]) throws {
    let tests = """
      profiles:
        browser:
          events: [{ at: 2026-11-20T10:00:00Z, event: Product Viewed }]
          expect: [{ at: +1h, \(expectation) }]
      """
    let report = try Self.report(tests)
    #expect(report.files[0].outcomes[0].verdicts[0].differences == differences)
    #expect(report.exitCode == (differences.isEmpty ? 0 : 1))
  }

  @Test("An expectation is read after all events up to its instant, a late one too")
  func lateEvents() throws {
    let tests = """
      profiles:
        late:
          events:
            - { at: 2026-11-20T12:00:00Z, event: Order Completed }
            - { at: 2026-11-20T10:00:00Z, event: Product Viewed }
          expect:
            - { at: 2026-11-20T11:00:00Z, status: in, entered: 2026-11-20T10:00:00Z }
            - { at: 2026-11-20T12:00:00Z, status: out }
      """
    let report = try Self.report(tests)
    let text = report.text(on: try Recorder().terminal)
    #expect(report.failures == 0, "\(text)")
  }

  @Test("Profiles of one file know nothing of each other")
  func apart() throws {
    let tests = """
      profiles:
        first:
          events: [{ at: 2026-12-20T10:00:00Z, event: Product Viewed, as: visitor }]
          expect: [{ at: +0s, as: visitor, status: in }]
        second:
          events: [{ at: 2026-11-20T10:00:00Z, alias: visitor }]
          expect: [{ at: +0s, status: out }, { at: +90d, as: visitor, status: out }]
      """
    #expect(try Self.report(tests).failures == 0)
  }

  @Test func onlyTheTestsOfTheNamedAudiencesAreRun() throws {
    let folder = try Self.folder(Self.right)
    try folder.write(Self.right.replacing("status: in", with: "status: control"), audience: "buyers.test")
    #expect(try Self.run(folder, keys: ["browsers"]).failures == 0)
    #expect(try Self.run(folder, keys: ["buyers", "browsers"]).profiles == 2)
  }

  @Test func whatIsNotThereIsTold() throws {
    let folder = try Self.folder(Self.right)
    #expect {
      try Self.run(folder, keys: ["browser"])
    } throws: { error in
      (error as? Failure)?.message == "there is no audience 'browser'"
        && (error as? Failure)?.advice == "did you mean 'browsers'?"
    }
    #expect {
      try Self.run(folder, keys: ["buyers"])
    } throws: { error in
      (error as? Failure)?.message == "the audience 'buyers' has no tests"
    }
    let empty = try ProjectFolder(audiences: Self.audiences)
    #expect {
      try Self.run(empty)
    } throws: { error in
      (error as? Failure)?.message.hasPrefix("there are no tests in ") == true
    }
  }

  @Test func mistakesInAFileAreToldAllAtOnce() throws {
    let folder = try Self.folder(Self.right.replacing("status", with: "staus").replacing("Viewed }", with: "View }"))
    #expect {
      try Self.run(folder)
    } throws: { error in
      let message = (error as? Failure)?.message ?? ""
      return message.contains("have 4 errors") && message.contains("did you mean 'status'?")
        && message.contains("did you mean 'Product Viewed'?")
    }
  }

  @Test func buildServersReadTheOutcomeAsJUnit() throws {
    let other = """
        a "wrong" <one> & more:
          events: [{ at: 2026-11-20T10:00:00Z, event: Product Viewed }]
          expect: [{ at: +0s, status: out }]
      """
    let report = try Self.report(Self.right + other)
    let text = JUnitReport(report: report).text
    let parser = XMLParser(data: Data(text.utf8))
    let reader = JUnitReader()
    parser.delegate = reader
    #expect(parser.parse(), "\(text)")
    #expect(reader.names == ["browser", "a \"wrong\" <one> & more"])
    #expect(reader.failures.count == 1 && reader.failures[0].contains("browsers at 2026-11-20T10:00:00.000Z"))
  }

  @Test func programsReadTheOutcomeAsJSON() throws {
    let tests = Self.right.replacing("status: in", with: "status: out")
    let report = try Self.report(tests)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(report.json.text.utf8)) as? [String: Any])
    #expect(object["failures"] as? Int == 1 && object["expectations"] as? Int == 2)
    let files = try #require(object["files"] as? [[String: Any]])
    let profile = try #require((files[0]["profiles"] as? [[String: Any]])?.first)
    let expectation = try #require((profile["expectations"] as? [[String: Any]])?.first)
    #expect(expectation["differences"] as? [String] == ["status"])
    #expect((expectation["found"] as? [String: Any])?["status"] as? String == "in")
    let leaves = try #require((expectation["because"] as? [String: Any])?["leaves"] as? [[String: Any]])
    #expect(leaves.map { $0["decided"] as? Bool } == [false, true])
  }

  @Test func severalKeysMayBeNamed() throws {
    let arguments = try Arguments(["vip", "checkout-abandoners", "--json"], for: TestOptions.declaration)
    #expect(arguments.operands.compactMap(\.text) == ["vip", "checkout-abandoners"])
    #expect(Help.usage(of: TestOptions.declaration) == "usher test [KEY...] [options]")
  }
}

/// The names of the cases and the texts of the failures of a JUnit file.
private final class JUnitReader: NSObject, XMLParserDelegate {
  private(set) var names: [String] = []
  private(set) var failures: [String] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if name == "testcase" { names.append(attributes["name"] ?? "") }
    if name == "failure" { failures.append(attributes["message"] ?? "") }
  }
}
