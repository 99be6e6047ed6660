import Events
import Testing
import YAML

@testable import Audiences

/// What the lock file holds a project to.
@Suite("The lock file")
struct LockTests {
  static let now = Instant(iso8601: "2026-11-20T12:00:00Z") ?? .distantPast
  static let base = "version: 3\nwhen: { event: Order Completed, within: 7d }\n"

  private static func project(_ text: String?, others: [String: String] = [:]) -> CheckedProject {
    var texts = ["topics/taxonomy.yaml": TestProject.taxonomy, "ops/traits.yaml": TestProject.traits]
    texts["ops/audiences/vip.yaml"] = text
    for (key, other) in others { texts["ops/audiences/\(key).yaml"] = other }
    let contents = texts.mapValues { Array($0.utf8) }
    var reader = ProjectReader(contents: contents, diagnostics: [])
    return CheckedProject(reader.definitions(), contents: contents, now: now)
  }

  /// The lock of a project, as it is written and read again.
  private static func lock(of text: String?, others: [String: String] = [:]) throws -> (AudienceLock, Document) {
    let empty = Document(text: "", file: AudienceLock.path)
    let next = project(text, others: others).compare(with: AudienceLock(), of: empty, at: now, isWriting: true).next
    let document = Document(text: next.text, file: AudienceLock.path)
    let (read, diagnostics) = AudienceLock.read(document)
    #expect(diagnostics.isEmpty)
    #expect(read == next)
    return (try #require(read), document)
  }

  private static func compare(
    _ before: String, _ after: String?, isWriting: Bool = false, force: String? = nil, at instant: Instant = now
  ) throws -> LockComparison {
    let (lock, document) = try lock(of: before)
    return project(after).compare(with: lock, of: document, at: instant, isWriting: isWriting, force: force)
  }

  @Test("What is unchanged is nothing to tell")
  func unchanged() throws {
    #expect(try Self.compare(Self.base, Self.base).diagnostics.isEmpty)
    let renamed = Self.base + "name: Another\nowner: team@shop.example\nto: { warehouse: all }\n"
    #expect(try Self.compare(Self.base, renamed).diagnostics.isEmpty)
  }

  @Test(
    "Changed logic under an unchanged version is an error at the version, written or not", arguments: [false, true])
  func unchangedVersion(isWriting: Bool) throws {
    let after = Self.base.replacing("7d", with: "8d")
    let found = try Self.compare(Self.base, after, isWriting: isWriting).diagnostics
    #expect(
      found.map(\.description) == [
        """
        ops/audiences/vip.yaml:1:1: error [L001]: the logic has changed since version 3 was locked, and the version is 3
          1 | version: 3
            | ^~~~~~~
          expected 'version: 4', then 'usher check --lock', and the lock file committed with the definitions
        """
      ])
    let lower = after.replacing("version: 3", with: "version: 2")
    #expect(try Self.compare(Self.base, lower).diagnostics.map(\.code) == ["L001"])
  }

  @Test("A raised version wants the lock file written, and then is right")
  func raised() throws {
    let after = "version: 4\nwhen: { event: Order Completed, within: 8d }\n"
    #expect(
      try Self.compare(Self.base, after).diagnostics.map(\.headline) == [
        "ops/audiences/vip.yaml:1:1: warning [L003]: the logic of version 4 is not in the lock file, which has version 3"
      ])
    let written = try Self.compare(Self.base, after, isWriting: true)
    #expect(written.diagnostics.isEmpty)
    #expect(written.next.entries["vip"]?.version == 4)
    #expect(written.next == (try Self.lock(of: after).0))
    let alone = Self.base.replacing("version: 3", with: "version: 4")
    #expect(try Self.compare(Self.base, alone).diagnostics.map(\.code) == ["L003"])
  }

  static let held = Self.base + "holdout: { percent: 10, salt: s, until: 2026-12-31 }\n"
  static let changedWhileHeld = held.replacing("version: 3", with: "version: 4").replacing("7d", with: "8d")

  @Test("A change while people are held out is an error, until the holdout has ended")
  func duringHoldout() throws {
    for isWriting in [false, true] {
      let found = try Self.compare(Self.held, Self.changedWhileHeld, isWriting: isWriting).diagnostics
      #expect(
        found.map(\.headline) == [
          "ops/audiences/vip.yaml:3:1: error [L002]: the logic has changed while people are held out until 31 December 2026"
        ])
    }
    let later = try #require(Instant(iso8601: "2026-12-31"))
    #expect(try Self.compare(Self.held, Self.changedWhileHeld, isWriting: true, at: later).diagnostics.isEmpty)
    let ended = Self.base.replacing("version: 3", with: "version: 4")
    #expect(try Self.compare(Self.held, ended).diagnostics.map(\.code) == ["L002"])
    let none = Self.held.replacing("percent: 10", with: "percent: 0")
    #expect(try Self.compare(none, ended, isWriting: true).diagnostics.isEmpty)
    let endless = Self.held.replacing(", until: 2026-12-31", with: "")
    #expect(try Self.compare(endless, ended).diagnostics.first?.message.contains("to measure what") == true)
  }

  @Test("A forced change is written down with its reason, and stays written")
  func forced() throws {
    let comparison = try Self.compare(
      Self.held, Self.changedWhileHeld, isWriting: true, force: "the shop's \"legal\" team: now")
    #expect(comparison.diagnostics.isEmpty)
    #expect(comparison.forced == ["vip"])
    let change = ForcedChange(version: 4, at: Self.now, reason: "the shop's \"legal\" team: now")
    #expect(comparison.next.entries["vip"]?.forced == [change])
    let document = Document(text: comparison.next.text, file: AudienceLock.path)
    let read = try #require(AudienceLock.read(document).lock)
    #expect(read == comparison.next)
    let again = Self.project(Self.changedWhileHeld).compare(with: read, of: document, at: Self.now, isWriting: true)
    #expect(again.next == read)
  }

  @Test("A reason does not excuse an unchanged version")
  func forceIsForHoldouts() throws {
    let after = Self.held.replacing("7d", with: "8d")
    let found = try Self.compare(Self.held, after, isWriting: true, force: "because").diagnostics
    #expect(found.map(\.code) == ["L001"])
  }

  @Test("What is new and what is gone is told, where the file is not written")
  func newAndGone() throws {
    let (lock, document) = try Self.lock(of: Self.base)
    let project = Self.project(nil, others: ["other": Self.base])
    let found = project.compare(with: lock, of: document, at: Self.now)
    #expect(
      found.diagnostics.map(\.headline) == [
        "ops/audiences.lock:2:1: warning [L003]: there is no audience 'vip' any more",
        "ops/audiences/other.yaml:1:1: warning [L003]: the lock file does not know this audience",
      ])
    #expect(found.next.entries.keys.sorted() == ["other"])
  }

  @Test("The file reads well and tells differences line by line")
  func text() throws {
    let text = try Self.lock(of: Self.held, others: ["true": Self.base]).0.text
    #expect(
      text == """
        # Kept by 'usher check --lock': what each audience's logic was under which version.
        "true":
          version: 3
          logic: "\(LockEntry.hash(Self.logicOfBase))"
          holdout: none
        "vip":
          version: 3
          logic: "\(LockEntry.hash(Self.logicOfHeld))"
          holdout: 2026-12-31T00:00:00.000Z

        """)
  }

  private static let condition =
    "(when (events (query (of \"Order Completed\") (age 0 604800000)) (count) (is (at-least 1000000))))"
  private static let logicOfBase = "(audience \(condition))"
  private static let logicOfHeld = "(audience \(condition) (holdout 1000 \"s\" (until 1798675200000)))"

  /// A wrong lock file, and the first thing told of it.
  static let wrong: [(String, String)] = [
    ("- vip\n", "1:1: error: the lock file is a list"),
    ("vip: 3\n", "1:6: error: the entry of 'vip' is '3'"),
    ("vip: { version: 3 }\n", "1:1: error: the entry of 'vip' has no 'holdout'"),
    (
      "vip: { version: x, logic: \"\(String(repeating: "a", count: 64))\", holdout: none }\n",
      "1:17: error: 'version' is 'x'"
    ),
    ("vip: { version: 3, logic: \"a\", holdout: none }\n", "1:27: error: 'logic' is the text 'a'"),
    (
      "vip: { version: 3, logic: \"\(String(repeating: "a", count: 64))\", holdout: soon }\n",
      "1:104: error: 'holdout' is 'soon'"
    ),
    ("<<<<<<< HEAD\nvip: {}\n", "error:"),
  ]

  @Test("A lock file that somebody broke is told, with its place", arguments: wrong)
  func broken(text: String, told: String) throws {
    let (lock, diagnostics) = AudienceLock.read(Document(text: text, file: AudienceLock.path))
    #expect(lock == nil)
    let first = try #require(diagnostics.first)
    #expect(first.headline.contains(told), "\(first.headline)")
  }
}
