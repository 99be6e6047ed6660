import Engine
import Events
import Glibc
import Judge
import Testing

/// What is let go from memory comes back, at any record of any log.
@Suite("An engine with a store beside it")
struct PagingTests {
  /// How many cases are drawn, and from which seed on; `USHER_CASES` and `USHER_SEED` say otherwise.
  private static let count = number("USHER_CASES") ?? 400
  private static let first = number("USHER_SEED") ?? 1

  @Test("gives the changes of one that has everything in memory, over random shops", arguments: 0..<4)
  func random(part: Int) throws {
    for seed in Self.first..<(Self.first + Self.count) where seed % 4 == part {
      let shop = RandomShop.draw(seed: UInt64(seed), forms: seed % 8 < 2 ? [] : .all)
      let lines = seed % 3 == 0 ? shop.lines.map(Self.withEqualHashes) : shop.lines
      let plan = try TestTask.plan(shop.files)
      let plain = PagedTask(plan, hasStore: false)
      for line in lines { plain.apply(line) }
      let paged = PagedTask(plan)
      var chance = Chance(state: UInt64(seed))
      run(lines, through: paged, &chance)
      if let untilMs = shop.untilMs {
        for task in [plain, paged] { task.finish(atMs: max(untilMs, task.engine.clock.ms)) }
      }
      let agrees =
        paged.comparable == plain.comparable && paged.changes.map(\.atMs) == plain.changes.map(\.atMs)
        && paged.engine.profileCount == plain.engine.profileCount && paged.engine.clock == plain.engine.clock
        && (paged.crashes > 0 || Self.counts(paged) == Self.counts(plain))
      #expect(agrees, "seed \(seed) (USHER_SEED=\(seed) USHER_CASES=1)")
      if !agrees { return }
    }
  }

  /// Lets everything go every few records, takes states at any point, and now and then undoes what was not taken.
  private func run(_ lines: [String], through task: PagedTask, _ chance: inout Chance) {
    let interval = 1 + chance.below(7)
    let interrupts = chance.below(3) == 0
    var interruptions = Chance(state: chance.next())
    var faults = 4
    task.afterLoad = { task in
      if interrupts, interruptions.below(4) == 0 { task.takeAndEvict() }
    }
    while task.done < lines.count {
      task.apply(lines[task.done])
      switch chance.below(12) {
      case 0: task.take()
      case 1: task.evict()
      case 2 where faults > 0:
        faults -= 1
        task.abort()
      case 3 where faults > 0:
        faults -= 1
        task.crash()
      default: if task.done % interval == 0 { task.takeAndEvict() }
      }
    }
    task.take()
    #expect(task.engine.profileCount == task.profilesInStore)
  }

  private static func counts(_ task: PagedTask) -> [Int] {
    let counts = task.engine.counts
    return [
      counts.applied, counts.duplicates, counts.repeatedEvents, counts.late, counts.entriesDropped, counts.merged,
      counts.erased, counts.changes,
    ]
  }

  /// Ids whose hashes are equal, in place of some.
  private static func withEqualHashes(_ line: String) -> String {
    var line = line
    for (id, other) in zip(["u1", "u_8412", "a-1", "zo\u{eb}"], EqualHashes.ids) {
      line = line.split(separator: "\"\(id)\"", omittingEmptySubsequences: false).joined(separator: "\"\(other)\"")
    }
    return line
  }

  private static func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }
}

/// Ids that no hash tells apart: their second half brings the hash to zero, whatever the first was.
enum EqualHashes {
  static let ids = ["YaiYV1sIDSl_tdlu", "sYBXNsaCQFV2TIOl", "5hDv3-lbJbum5OxC", "AeNODEbquhvOpjtH"]
}

/// Chance from a seed (SplitMix64).
struct Chance {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
