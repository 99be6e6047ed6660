import Events
import Foundation
import Testing

@testable import usher

@Suite("Overlaps between audiences")
struct BacktestOverlapTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test("count who is in both at the end")
  func counts() throws {
    var shop = BacktestShop()
    shop.definitions["viewed"] = "when: { event: Product Viewed, within: 2d }"
    shop.definitions["nobody"] = "when: { event: Payment Disputed }"
    let said = try shop.backtest("--overlaps", "--json", "--changes", "\(folder.path)/changes", in: folder)
    let pairs = try #require(object(said)["overlaps"] as? [[String: Any]])
    let changes = try WrittenChange.all(in: "\(folder.path)/changes")
    let members = WrittenChange.standing(after: changes, upTo: "9").members
    var seen: [Int] = []
    for pair in pairs {
      let keys = try #require(pair["audiences"] as? [String])
      let both = try #require(members[keys[0]]).intersection(try #require(members[keys[1]])).count
      #expect(pair["people"] as? Int == both && both > 0)
      let share = Double(both) / Double(members[keys[0]]?.count ?? 0)
      #expect(abs((pair["share_of_first"] as? Double ?? 9) - share) < 0.0001)
      seen.append(both)
    }
    #expect(seen == seen.sorted(by: >) && !seen.isEmpty)
    let keys = members.keys.sorted()
    let overlapping = keys.indices.flatMap { first in
      keys[(first + 1)...].filter { !(members[keys[first]] ?? []).isDisjoint(with: members[$0] ?? []) }
    }
    #expect(pairs.count == overlapping.count)
  }

  @Test("are a table with shares, or a sentence where there are none")
  func table() throws {
    var shop = BacktestShop()
    shop.definitions = [
      "a": "when: { event: Product Viewed }", "b": "when: { event: Product Viewed, count: { at_least: 2 } }",
    ]
    let said = try shop.backtest("--overlaps", in: folder)
    let lines = said.split(separator: "\n").map(String.init)
    #expect(lines.contains("audience  overlaps with  people  of the first  of the second"))
    #expect(lines.last?.hasSuffix("100.0%") == true)
    shop.definitions["b"] = nil
    #expect(try shop.backtest("--overlaps", in: folder).hasSuffix("\nNobody is in two audiences at the end.\n"))
  }

  @Test("go beyond the first sixty-four audiences")
  func many() {
    var people = PeopleBook(words: 3)
    for profile in 0..<300 {
      var id = "p\(profile)"
      id.withUTF8 {
        let bytes = Bytes($0.baseAddress!, count: $0.count)
        people.set(profile % 130, of: bytes, to: true)
        people.set(129, of: bytes, to: profile % 2 == 0)
        people.set(64, of: bytes, to: true)
      }
    }
    let overlaps = Overlaps(people, audiences: 130)
    #expect(overlaps.members[64] == 300 && overlaps.members[129] == 150)
    #expect(overlaps.pairs.first == Overlaps.Pair(first: 64, second: 129, people: 150))
    #expect(Overlaps(PeopleBook(words: 1), audiences: 0).pairs.isEmpty)
    #expect(Overlaps(PeopleBook(words: 1), audiences: 1).pairs.isEmpty)
  }
}
