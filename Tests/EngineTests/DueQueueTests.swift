import Events
import Testing

@testable import Engine

/// The structures that say who is due, and who may go.
@Suite("Who is due, and who was used")
struct DueQueueTests {
  @Test("a queue gives its entries in order, wherever it goes back to", arguments: 0..<20)
  func order(seed: Int) {
    var chance = UInt64(seed)
    func below(_ bound: Int) -> Int {
      chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(chance >> 33) % bound
    }
    var queue = DueQueue()
    var model: [Int64] = []
    var nowMs: Int64 = seed % 2 == 0 ? -500 : 1 << 40
    for step in 0..<4000 {
      switch below(20) {
      case 0..<10:
        let ms = nowMs + Int64(below(1 << below(16)))
        queue.add(DueQueue.Entry(at: Instant(ms: ms), hash: UInt64(bitPattern: ms)))
        model.append(ms)
      case 10..<19:
        #expect(queue.firstAt.ms == model.min() ?? .max, "step \(step)")
        guard let first = model.min(), let place = model.firstIndex(of: first) else { continue }
        model.remove(at: place)
        let entry = queue.removeFirst()
        #expect(entry.at.ms == first && entry.hash == UInt64(bitPattern: first), "step \(step)")
        nowMs = first
      default:
        nowMs -= Int64(below(1 << below(12)))
        queue.rewind(to: Instant(ms: nowMs))
        var seen: [Int64] = []
        let endMs = nowMs + 3000
        queue.look(before: Instant(ms: endMs)) {
          seen.append($0.at.ms)
          return true
        }
        #expect(seen.sorted() == model.filter { $0 < endMs }.sorted(), "step \(step)")
      }
    }
  }

  @Test("a postponed instant is found by either end, and rows of one hash are told apart")
  func postponements() {
    var rows = Postponements()
    for number in 0..<5000 {
      rows.add(hash: UInt64(number / 2 * 64), armedMs: Int64(number), dueMs: Int64(number + 10_000))
    }
    #expect(rows.count == 5000 && rows.has(hash: 64, armedMs: 3) && !rows.has(hash: 64, armedMs: 4))
    for number in 0..<5000 {
      let hash = UInt64(number / 2 * 64)
      if number % 3 == 0 {
        #expect(rows.take(hash: hash, armedMs: Int64(number)) == Int64(number + 10_000))
      } else {
        #expect(rows.take(hash: hash, dueMs: Int64(number + 10_000)) == Int64(number))
      }
      #expect(rows.take(hash: hash, armedMs: Int64(number)) == nil)
    }
    #expect(rows.count == 0)
  }

  @Test("the hand meets those first that were not used since it passed them")
  func secondChance() {
    var lately = SecondChance()
    for slot in 0..<200 { lately.enter(ProfileTable.Slot(slot)) }
    lately.beginTurn()
    #expect(lately.next() == 0, "all have just come: the second round meets the first")
    lately.leave(0)
    for slot in 1..<150 { lately.use(ProfileTable.Slot(slot)) }
    lately.beginTurn()
    var met: [ProfileTable.Slot] = []
    while met.count < 50, let slot = lately.next() {
      met.append(slot)
      lately.leave(slot)
    }
    #expect(met == (150..<200).map { ProfileTable.Slot($0) })
    lately.beginTurn()
    while let slot = lately.next() { lately.leave(slot) }
    lately.beginTurn()
    #expect(lately.next() == nil)
  }
}
