import Engine
import Glibc
import Judge
import Testing

/// The engine against the definition: random audiences over random logs, judged by brute force.
@Suite("The engine gives the changes of the definition")
struct DefinitionTests {
  /// How many cases are drawn, and from which seed on; `USHER_CASES` and `USHER_SEED` say otherwise.
  private static let count = number("USHER_CASES") ?? 1200
  private static let first = number("USHER_SEED") ?? 1

  @Test("over random definitions and logs", arguments: Self.chosen)
  func random(forms: Forms) throws {
    for seed in Self.first..<(Self.first + Self.count) {
      let shop = RandomShop.draw(seed: UInt64(seed), forms: forms)
      if try agrees(shop) { continue }
      let small = Shrinker.shrink(shop) { (try? !agrees($0)) ?? true }
      let run = try ProjectRun(
        files: small.files, lines: small.lines, partitions: small.partitions, untilMs: small.untilMs)
      Issue.record(
        """
        seed \(seed) (USHER_SEED=\(seed) USHER_CASES=1); the engine's changes, then the definition's as a test:
        \(run.changes.map(\.description).joined(separator: "\n"))
        \(small.swiftTest(named: "shrunk from seed \(seed)"))
        """)
      return
    }
  }

  private func agrees(_ shop: ShopCase) throws -> Bool {
    let verdict = try shop.verdict()
    let run = try ProjectRun(
      files: shop.files, lines: shop.lines, partitions: shop.partitions, untilMs: shop.untilMs)
    let partitions = shop.partitions
    return Judge.Change.comparable(run.changes, partitions: partitions)
      == Judge.Change.comparable(verdict.changes, partitions: partitions)
      && run.counts.duplicates == verdict.duplicateMessages && run.counts.repeatedEvents == verdict.duplicateValues
      && run.skipped == verdict.skipped && run.counts.unmerged == verdict.mergesAcrossPartitions
      && run.rejected.values.reduce(0, +) == verdict.rejected.values.reduce(0, +)
  }

  /// `USHER_FORMS` is the bits of the forms to draw, for bringing one up.
  private static let chosen = number("USHER_FORMS").map { [Forms(rawValue: UInt32($0))] } ?? [[], .all]

  private static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }
}
