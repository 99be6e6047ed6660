import Audiences
import Events
import Foundation
import Testing
import YAML

@testable import usher

/// A shop with a few audiences, one of them with a holdout, and what a backtest says of it.
struct BacktestShop {
  static let cart = """
    when: { event: Add to Cart, within: 4h }
    unless: [bought]
    """
  static let bought = "when: { event: Order Completed, within: 12h }"
  static let held = """
    when: { event: Add to Cart, within: 1d }
    holdout: { percent: 40, salt: a, until: 2026-11-22T00:00:00Z }
    """

  /// The definitions, by their keys.
  var definitions = ["cart": cart, "bought": bought, "held": held]

  /// The definitions as a plan.
  func plan() throws -> Plan {
    var texts = [
      "topics/taxonomy.yaml": try String(contentsOfFile: "\(projectFolder)/topics/taxonomy.yaml", encoding: .utf8)
    ]
    for (key, text) in definitions { texts["ops/audiences/\(key).yaml"] = text }
    let (project, diagnostics) = Project.read(texts: texts)
    #expect(!diagnostics.hasErrors, "\(diagnostics.map(\.description).joined(separator: "\n"))")
    return Plan(try #require(project))
  }

  /// Three days of fifty people, always the same.
  static let events: String = {
    var lines = ""
    var state: UInt64 = 7
    func drawn(_ count: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % count
    }
    for minute in stride(from: 0, to: 3 * 1440, by: 5) {
      // Some come late, by up to an hour.
      let at = Instant(ms: 1_795_132_800_000 + Int64(minute) * 60_000 - Int64(drawn(4)) * 1_200_000)
      let name = ["Add to Cart", "Add to Cart", "Product Viewed", "Order Completed"][Int(drawn(4))]
      lines += #"{"type":"track","event":"\#(name)","userId":"u\#(drawn(50))","timestamp":"\#(at)"}"# + "\n"
    }
    return lines
  }()

  /// What the verb says, run over events with these further words.
  static func settings(_ words: [String], in folder: ScratchFolder, words terminal: Terminal) throws -> BacktestSettings
  {
    if !FileManager.default.fileExists(atPath: "\(folder.path)/events.ndjson") {
      try folder.write(events, to: "events.ndjson")
    }
    let given = words.contains("--events") ? words : ["--events", "\(folder.path)/events.ndjson"] + words
    var settings = try BacktestSettings(Arguments(given, for: BacktestOptions.declaration))
    settings.words = terminal
    return settings
  }

  /// What is said of one set of definitions.
  func backtest(_ words: String..., in folder: ScratchFolder) throws -> String {
    let recorder = try Recorder()
    let code = try BacktestCommand(settings: Self.settings(words, in: folder, words: recorder.terminal)).run(plan())
    #expect(code == 0)
    return recorder.said
  }

  /// What is said of two.
  func comparison(with other: BacktestShop, _ words: String..., in folder: ScratchFolder) throws -> String {
    let recorder = try Recorder()
    let settings = try Self.settings(words, in: folder, words: recorder.terminal)
    let code = try ComparisonCommand(settings: settings, here: "new", there: "old").run(plan(), other.plan())
    #expect(code == 0)
    return recorder.said
  }
}

/// A change as a file of changes has it.
struct WrittenChange: Hashable {
  let audience: String
  let profile: String
  let change: String
  let at: String

  init(_ line: some StringProtocol) throws {
    let record = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let properties = try #require(record["properties"] as? [String: Any])
    audience = try #require(properties["audience"] as? String)
    change = try #require(properties["change"] as? String)
    profile = try #require(record["userId"] as? String)
    at = try #require(record["timestamp"] as? String)
  }

  static func all(in path: String) throws -> [WrittenChange] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { try WrittenChange($0) }
  }

  /// Who is in each audience, and who is held out of it, after all changes up to an instant.
  static func standing(after changes: [WrittenChange], upTo instant: String) -> (
    members: [String: Set<String>], controls: [String: Set<String>]
  ) {
    var (members, controls): ([String: Set<String>], [String: Set<String>]) = ([:], [:])
    for change in changes where change.at <= instant {
      switch change.change {
      case "entered": members[change.audience, default: []].insert(change.profile)
      case "exited": members[change.audience]?.remove(change.profile)
      case "held_out": controls[change.audience, default: []].insert(change.profile)
      default: controls[change.audience]?.remove(change.profile)
      }
    }
    return (members, controls)
  }
}

/// A JSON object that was said.
func object(_ text: String) throws -> [String: Any] {
  try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}
