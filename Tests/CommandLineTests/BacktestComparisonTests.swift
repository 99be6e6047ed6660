import Foundation
import Testing

@testable import usher

@Suite("Two sets of definitions over the same events")
struct BacktestComparisonTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Another window, no suppression, another holdout; an audience more and one less.
  private var other: BacktestShop {
    var shop = BacktestShop()
    shop.definitions["cart"] = "when: { event: Add to Cart, within: 6h }"
    shop.definitions["held"] = BacktestShop.held.split(separator: "salt: a").joined(separator: "salt: b")
    shop.definitions["viewed"] = "when: { event: Product Viewed, within: 2h }"
    return shop
  }

  /// The marks and changes of a file of differences.
  private func differences(_ path: String) throws -> [(mark: Character, change: WrittenChange)] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      (try #require(line.first), try WrittenChange(line.dropFirst(2)))
    }
  }

  @Test(
    "differ in the changes that only one of them makes",
    arguments: [[], ["--partitions", "3"], ["--until", "2026-11-25"]])
  func changes(words: [String]) throws {
    var here = BacktestShop()
    here.definitions["alone"] = "when: { event: Order Completed, count: { at_least: 2 } }"
    let run = { (shop: BacktestShop, name: String) in
      let recorder = try Recorder()
      let settings = try BacktestShop.settings(
        words + ["--changes", "\(folder.path)/\(name)"], in: folder, words: recorder.terminal)
      #expect(try BacktestCommand(settings: settings).run(shop.plan()) == 0)
      return try WrittenChange.all(in: "\(folder.path)/\(name)")
    }
    let (mine, theirs) = (try run(here, "mine"), try run(other, "theirs"))
    let recorder = try Recorder()
    let settings = try BacktestShop.settings(
      words + ["--changes", "\(folder.path)/differing"], in: folder, words: recorder.terminal)
    _ = try ComparisonCommand(settings: settings, here: "a", there: "b").run(here.plan(), other.plan())
    let found = try differences("\(folder.path)/differing")
    let (added, removed) = (
      found.filter { $0.mark == "+" }.map(\.change), found.filter { $0.mark == "-" }.map(\.change)
    )
    #expect(added.count + removed.count == found.count && !added.isEmpty && !removed.isEmpty)
    #expect(Set(added) == Set(mine).subtracting(theirs) && Set(added).count == added.count)
    #expect(Set(removed) == Set(theirs).subtracting(mine) && Set(removed).count == removed.count)
    #expect(Set(found.map(\.change.audience)) == ["cart", "held", "viewed", "alone"])
    if words.isEmpty { #expect(found.map(\.change.at) == found.map(\.change.at).sorted()) }
  }

  @Test("are told by who is in at the end, and what differs, audience by audience")
  func summary() throws {
    let said = try BacktestShop().comparison(with: other, "--json", in: folder)
    let audiences = try #require(object(said)["audiences"] as? [String: [String: Any]])
    let ends = try [BacktestShop(), other].map { shop in
      _ = try shop.backtest("--changes", "\(folder.path)/changes", in: folder)
      return WrittenChange.standing(after: try WrittenChange.all(in: "\(folder.path)/changes"), upTo: "9").members
    }
    #expect(audiences.keys.sorted() == ["bought", "cart", "held", "viewed"])
    for (key, told) in audiences {
      let (here, there) = (ends[0][key] ?? [], ends[1][key] ?? [])
      let wanted = [
        "here": here.count, "there": there.count, "in_both": here.intersection(there).count,
        "only_here": here.subtracting(there).count, "only_there": there.subtracting(here).count,
      ]
      for (name, count) in wanted { #expect(told[name] as? Int == count, "\(key) \(name)") }
    }
    #expect(audiences["viewed"]?["exists"] as? String == "there" && audiences["cart"]?["exists"] == nil)
    #expect(audiences["bought"]?["first_difference"] == nil && audiences["cart"]?["first_difference"] != nil)
    #expect((audiences["held"]?["held_out_only_here"] as? Int ?? 0) > 0)
  }

  @Test("are a table that stays within a hundred columns and says what is the same")
  func table() throws {
    let lines = try BacktestShop().comparison(with: other, in: folder).split(separator: "\n").map(String.init)
    #expect(lines[0] == "here:   new, 3 audiences" && lines[1] == "there:  old, 4 audiences")
    #expect(lines.first { $0.hasPrefix("bought") }?.hasSuffix(" same") == true)
    #expect(lines.first { $0.hasPrefix("viewed") }?.hasSuffix(" only there") == true)
    #expect(lines.contains("+ is made here alone, - there alone. 1 of 4 audiences the same."))
    #expect(lines.allSatisfy { $0.count <= 100 && !$0.hasSuffix(" ") })
  }

  @Test("that are the same make the same changes")
  func same() throws {
    let said = try BacktestShop().comparison(
      with: BacktestShop(), "--changes", "\(folder.path)/differing", "--summary", in: folder)
    #expect(said.contains("Both sets of definitions make the same changes.\n"))
    #expect(try differences("\(folder.path)/differing").isEmpty)
  }

  @Test("have their differing changes as JSON where that is asked for")
  func json() throws {
    _ = try BacktestShop().comparison(with: other, "--changes", "\(folder.path)/differing", "--json", in: folder)
    let text = try String(contentsOfFile: "\(folder.path)/differing", encoding: .utf8)
    for line in text.split(separator: "\n") {
      let entry = try object(String(line))
      #expect(["+", "-"].contains(entry["only"] as? String) && entry["change"] is [String: Any])
    }
  }
}
