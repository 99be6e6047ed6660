import Audiences
import Events
import Foundation
import Testing
import YAML

@testable import usher

/// A small project in a folder of its own.
final class ProjectFolder {
  let path: String
  private let folder: ScratchFolder

  init(audiences: [String: String]) throws {
    folder = try ScratchFolder()
    path = folder.path
    for inner in ["ops/audiences", "topics"] {
      try FileManager.default.createDirectory(atPath: "\(path)/\(inner)", withIntermediateDirectories: true)
    }
    try folder.write("events: { Order Completed: {}, Product Viewed: {} }\n", to: "topics/taxonomy.yaml")
    for (key, text) in audiences { try write(text, audience: key) }
  }

  func write(_ text: String, audience key: String) throws {
    try folder.write(text, to: "ops/audiences/\(key).yaml")
  }

  /// The lock file; `nil` where there is none.
  var lock: String? { try? String(contentsOfFile: "\(path)/\(AudienceLock.path)", encoding: .utf8) }

  func write(lock: String) throws { try folder.write(lock, to: AudienceLock.path) }
}

/// `usher check`, from a folder to what is said.
struct CheckTests {
  static let good = """
    name: MEAS | Buyers
    version: 1
    owner: team@shop.example
    purpose: measure
    goal: To know how many there are
    when: { event: Order Completed, within: 7d }
    to: { warehouse: all }

    """
  static let now = Instant(iso8601: "2026-11-20T12:00:00Z") ?? .distantPast

  private static func report(_ folder: ProjectFolder, writesLock: Bool = false, reason: String? = nil) throws
    -> CheckReport
  {
    try CheckCommand(folder: folder.path, now: now, writesLock: writesLock, reason: reason).run()
  }

  @Test func aProjectWithoutMistakesPassesEvenWhenStrict() throws {
    let folder = try ProjectFolder(audiences: ["buyers": Self.good])
    let report = try Self.report(folder)
    #expect(report.text(on: try Recorder().terminal) == "1 audience over 4 events: no errors, no warnings\n")
    #expect(report.exitCode(strict: true) == 0)
    #expect(folder.lock == nil)
  }

  @Test func aWarningFailsOnlyWhenStrictAndTellsWhereToReadMore() throws {
    let folder = try ProjectFolder(audiences: ["buyers": Self.good.replacing("owner: team@shop.example\n", with: "")])
    let report = try Self.report(folder)
    #expect(
      report.text(on: try Recorder().terminal) == """
        ops/audiences/buyers.yaml:1:1: warning [U010]: nobody owns this audience
          1 | name: MEAS | Buyers
            | ^~~~
          expected 'owner:' with the address of a team

        1 audience over 4 events: no errors, 1 warning
        'usher check --explain U010' tells more

        """)
    #expect(report.exitCode(strict: false) == 0)
    #expect(report.exitCode(strict: true) == 1)
    #expect(report.json.contains("\"code\":\"U010\""))
  }

  @Test func anErrorFails() throws {
    let folder = try ProjectFolder(audiences: ["buyers": Self.good.replacing("Completed", with: "Complete")])
    let report = try Self.report(folder)
    #expect(report.exitCode(strict: false) == 1)
    #expect(report.text(on: try Recorder().terminal).hasSuffix("1 error, 0 warnings\n"))
  }

  // MARK: The lock file

  @Test func theLockFileIsWrittenAndHoldsTheProjectToItsVersions() throws {
    let folder = try ProjectFolder(audiences: ["buyers": Self.good])
    let first = try Self.report(folder, writesLock: true)
    #expect(first.note == "ops/audiences.lock holds 1 audience")
    let written = try #require(folder.lock)
    #expect(try Self.report(folder).exitCode(strict: true) == 0)

    try folder.write(Self.good.replacing("7d", with: "8d"), audience: "buyers")
    #expect(try Self.report(folder).diagnostics.map(\.code) == ["L001"])
    let refused = try Self.report(folder, writesLock: true)
    #expect(refused.exitCode(strict: false) == 1)
    #expect(refused.note == "ops/audiences.lock was not written")
    #expect(folder.lock == written)

    try folder.write(
      Self.good.replacing("7d", with: "8d").replacing("version: 1", with: "version: 2"), audience: "buyers")
    #expect(try Self.report(folder).diagnostics.map(\.code) == ["L003"])
    #expect(try Self.report(folder, writesLock: true).exitCode(strict: true) == 0)
    #expect(folder.lock?.contains("version: 2") == true)
    #expect(try Self.report(folder).exitCode(strict: true) == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/ops")
    #expect(names.sorted() == ["audiences", "audiences.lock"])
  }

  @Test func aChangeWhilePeopleAreHeldOutWantsAReason() throws {
    let held = Self.good + "holdout: { percent: 10, salt: s, until: 2026-12-31 }\n"
    let folder = try ProjectFolder(audiences: ["buyers": held])
    _ = try Self.report(folder, writesLock: true)
    try folder.write(held.replacing("7d", with: "8d").replacing("version: 1", with: "version: 2"), audience: "buyers")
    #expect(try Self.report(folder, writesLock: true).diagnostics.map(\.code) == ["L002"])
    let forced = try Self.report(folder, writesLock: true, reason: "the law has changed")
    #expect(forced.exitCode(strict: true) == 0)
    #expect(forced.note == "ops/audiences.lock holds 1 audience; forced: buyers")
    #expect(folder.lock?.contains("reason: \"the law has changed\"") == true)
  }

  @Test func aBrokenLockFileIsAnErrorAndIsNotWrittenOver() throws {
    let folder = try ProjectFolder(audiences: ["buyers": Self.good])
    try folder.write(lock: "buyers: 3\n")
    for writesLock in [false, true] {
      let report = try Self.report(folder, writesLock: writesLock)
      #expect(report.exitCode(strict: false) == 1)
      #expect(report.diagnostics.first?.file == AudienceLock.path)
    }
    #expect(folder.lock == "buyers: 3\n")
  }

  // MARK: Codes

  @Test func everyCodeIsExplained() throws {
    for explanation in CodeExplanation.all {
      let text = try CodeWords.of(explanation.code.lowercased(), width: 80)
      #expect(text.hasPrefix("\(explanation.code): \(explanation.title)\n\n"))
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
  }

  @Test func anUnknownCodeIsWrongUsage() {
    let failure = #expect(throws: Failure.self) { _ = try CodeWords.of("U0O1", width: 80) }
    #expect(failure?.exitCode == 2)
    #expect(failure?.advice?.hasPrefix("did you mean U001?") == true)
  }

  @Test func aReasonWithoutTheLockIsWrongUsage() throws {
    let said = try Recorder()
    let code = Dispatch(verbs: [.check]).run(["check", "--force", "because"], error: said.terminal)
    #expect(code == 2)
    #expect(said.said.contains("--lock"))
  }
}
