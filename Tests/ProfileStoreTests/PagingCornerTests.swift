import Engine
import Events
import Testing

/// What leaves memory, and when it is asked for, worked out by hand.
@Suite("Beside a store")
struct PagingCornerTests {
  private static let hourMs = 3_600_000

  private static func files(_ audiences: [String: String]) -> [String: String] {
    var files = ["topics/taxonomy.yaml": "events: { Visit: {}, Order: {} }\n"]
    for (key, text) in audiences { files["ops/audiences/\(key).yaml"] = text }
    return files
  }

  private static let visitors = files(["a": "when: { event: Visit, within: 1h }\n"])

  private static func line(_ type: String, _ ms: Int, _ user: String, _ rest: String = "") -> String {
    "{\"type\":\"\(type)\",\"userId\":\"\(user)\",\"timestamp\":\(ms)\(rest)}"
  }

  private static func visit(_ ms: Int, _ user: String = "u") -> String {
    line("track", ms, user, ",\"event\":\"Visit\"")
  }

  private static func alias(_ ms: Int, _ other: String, into user: String) -> String {
    line("alias", ms, user, ",\"previousId\":\"\(other)\"")
  }

  private static func hash(_ id: String) -> UInt64 {
    Array(id.utf8).withUnsafeBytes { Hash64.of(Bytes($0)) }
  }

  // MARK: Due instants

  @Test("ten thousand who are due at one instant are each asked for once, and can be read ahead")
  func manyAtOnce() throws {
    for readsAhead in [false, true] {
      let task = try PagedTask(files: Self.visitors)
      for number in 0..<10_000 { task.apply(Self.visit(5, "u\(number)")) }
      task.takeAndEvict()
      #expect(task.engine.profilesInMemory == 0 && task.engine.profileCount == 10_000)
      task.asked = []
      if readsAhead {
        var hashes: [UInt64] = []
        task.engine.forEachMissing(before: Instant(ms: 9_000_000), most: 20_000) { hashes.append($0) }
        #expect(Set(hashes).count == 10_000)
        for hash in hashes { task.loadAhead(hash) }
      }
      task.advance(toMs: 9_000_000)
      #expect(task.asked.count == (readsAhead ? 0 : 10_000))
      #expect(task.changes.count == 20_000)
      #expect(task.changes.suffix(10_000).allSatisfy { $0.atMs == Int64(5 + Self.hourMs) })
    }
  }

  @Test("two whose hashes are alike but for half of their bits, due at one instant: neither is taken for the other")
  func halfAlike() throws {
    var ids: [UInt32: String] = [:]
    var pair: (String, String)?
    for number in 0..<1_000_000 {
      let id = "u\(number)"
      let half = UInt32(truncatingIfNeeded: Self.hash(id))
      pair = ids[half].map { ($0, id) }
      if pair != nil { break }
      ids[half] = id
    }
    let (one, other) = try #require(pair)
    #expect(Self.hash(one) != Self.hash(other))
    for (cold, hot) in [(one, other), (other, one)] {
      let task = try PagedTask(files: Self.visitors)
      task.apply(Self.visit(5, cold))
      task.apply(Self.visit(5, hot))
      task.takeAndEvict()
      task.apply(Self.line("track", 6, hot, ",\"event\":\"Order\""))
      task.advance(toMs: Int64(2 * Self.hourMs))
      #expect(Set(task.changes.suffix(2).map(\.profile)) == [cold, hot], "both leave")
      #expect(task.changes.count == 4)
    }
  }

  @Test("a due instant that events have put off asks for nobody before it")
  func putOff() throws {
    let task = try PagedTask(files: Self.visitors)
    task.apply(Self.visit(0))
    task.apply(Self.visit(Self.hourMs / 2))
    task.takeAndEvict()
    task.asked = []
    task.advance(toMs: Int64(Self.hourMs) + 1)
    #expect(task.asked.isEmpty)
    task.advance(toMs: Int64(Self.hourMs / 2 * 3) + 1)
    #expect(task.asked == [Self.hash("u")])
    #expect(task.told == ["0 u a entered event(2) 1", "5400000 u a exited expired 2"])
  }

  @Test("one profile that goes and returns takes no more memory for it")
  func flat() throws {
    let task = try PagedTask(files: Self.files(["a": "when: { event: Visit, within: 30d }\n"]))
    var warm = 0
    for number in 0..<50_000 {
      task.apply(Self.visit(number * 1000))
      task.takeAndEvict()
      if number == 100 { warm = task.engine.bytesInUse }
    }
    #expect(task.asked.count == 50_000, "it was away each time")
    #expect(task.engine.bytesInUse == warm)
  }

  @Test("what stands in the queue for somebody erased asks once, and then no more")
  func erasedAndDue() throws {
    let task = try PagedTask(files: Self.visitors)
    task.apply(Self.visit(0))
    task.takeAndEvict()
    task.asked = []
    task.apply(Self.line("delete", 1, "u"))
    task.advance(toMs: 2)
    #expect(task.asked == [Self.hash("u")] && task.engine.profileCount == 0)
    task.takeAndEvict()
    task.finish(atMs: 9_000_000)
    #expect(task.asked == [Self.hash("u"), Self.hash("u")])
    #expect(task.told == ["0 u a entered event(2) 1", "1 u a exited deleted 2"])
  }

  @Test("an erasure that the store does not know yet is not undone by it")
  func erasedNotTaken() throws {
    let task = try PagedTask(files: Self.visitors)
    task.apply(Self.visit(0))
    task.takeAndEvict()
    task.apply(Self.line("delete", 1, "u"))
    task.loadAhead(Self.hash("u"))
    #expect(task.engine.profileCount == 0)
    task.apply(Self.visit(2))
    #expect(task.told.last == "2 u a entered event(2) 1" && task.engine.profileCount == 1)
  }

  @Test("the end of an audience and of a holdout finds those who are away")
  func endings() throws {
    let task = try PagedTask(
      files: Self.files([
        "retired": "when: { event: Visit }\nretire_on: 1970-01-02\n",
        "tried": "when: { event: Visit }\nholdout: { percent: 100, salt: s, until: 1970-01-03T00:00:00Z }\n",
      ]))
    task.apply(Self.visit(0))
    task.takeAndEvict()
    task.finish(atMs: 300_000_000)
    #expect(
      task.told == [
        "0 u retired entered event(2) 1", "0 u tried heldOut event(2) 1", "86400000 u retired exited definition 2",
        "172800000 u tried holdoutEnded heldOut 2", "172800000 u tried entered heldOut 3",
      ])
  }

  // MARK: Merges

  @Test("profiles are merged, whichever of them are away", arguments: [[], ["anon"], ["known"], ["anon", "known"]])
  func merges(away: [String]) throws {
    let task = try PagedTask(files: Self.visitors)
    task.apply(Self.visit(0, "anon"))
    task.apply(Self.line("track", 1, "known", ",\"event\":\"Order\""))
    task.takeAndEvict()
    for id in ["anon", "known"] where !away.contains(id) { task.loadAhead(Self.hash(id)) }
    task.apply(Self.alias(2, "anon", into: "known"))
    #expect(task.asked.suffix(away.count).sorted() == away.map(Self.hash).sorted())
    task.takeAndEvict()
    #expect(task.engine.profileCount == 1)
    task.apply(Self.visit(3, "anon"))
    #expect(
      task.told == [
        "0 anon a entered event(2) 1", "2 anon a exited merged 2", "2 known a entered merged 1",
        "3 anon a entered event(2) 3",
      ])
  }

  // MARK: Equal hashes

  @Test("those who share a hash come together, stay together and are told apart")
  func equalHashes() throws {
    let ids = EqualHashes.ids
    #expect(Set(ids.map(Self.hash)).count == 1, "the hash is another one: find other ids")
    let task = try PagedTask(files: Self.visitors)
    for (number, id) in ids.enumerated() { task.apply(Self.visit(number, id)) }
    task.takeAndEvict()
    #expect(task.engine.profilesInMemory == 0)
    task.apply(Self.visit(100, ids[1]))
    #expect(task.engine.profilesInMemory == 4 && task.asked.count == 2)
    task.evict()
    #expect(task.engine.profilesInMemory == 4, "one of them has changed")
    task.takeAndEvict()
    task.finish(atMs: 9_000_000)
    let exits = [0, 2, 3, 100].map { Self.hourMs + $0 }
    #expect(task.changes.count == 8 && task.changes.suffix(4).map(\.atMs) == exits.map(Int64.init))
    #expect(task.changes.suffix(4).map(\.profile) == [ids[0], ids[2], ids[3], ids[1]])
  }

  // MARK: Letting go

  @Test("those who were used lately stay, and the budget is kept")
  func budget() throws {
    let task = try PagedTask(files: Self.visitors)
    for number in 0..<4000 { task.apply(Self.visit(number, "u\(number)")) }
    task.take()
    let full = task.engine.bytesInUse
    task.evict(toFit: full)
    #expect(task.engine.profilesInMemory == 4000, "everybody fits")
    task.evict(toFit: full - 1)
    #expect(task.engine.profilesInMemory == 3999)
    let used = (1000..<2000).map { "u\($0)" }
    for id in used { task.apply(Self.visit(5000, id)) }
    task.take()
    for bytes in [full - 100_000, full - 200_000] {
      task.evict(toFit: bytes)
      #expect(task.engine.bytesInUse <= bytes && task.engine.bytesInUse > bytes - 2000)
    }
    #expect(task.engine.profilesInMemory < 3300 && task.engine.profileCount == 4000)
    #expect(used.allSatisfy { task.engine.isInMemory(Self.hash($0)) })
    task.evict()
    #expect(task.engine.profilesInMemory == 0)
  }

  @Test("after a failed transaction everything is as it was taken")
  func abort() throws {
    let task = try PagedTask(files: Self.visitors)
    for id in ["stays", "changes", "goes"] { task.apply(Self.visit(0, id)) }
    task.take()
    task.apply(Self.visit(Self.hourMs / 2, "changes"))
    task.apply(Self.line("delete", Self.hourMs / 2, "goes"))
    task.apply(Self.visit(Self.hourMs * 2, "new"))
    #expect(task.engine.profileCount == 3 && task.engine.counts.erased == 1)
    task.abort()
    #expect(task.engine.profileCount == 3 && task.engine.profilesInMemory == 0)
    #expect(task.engine.clock.ms == 0 && task.engine.counts.erased == 0 && task.engine.dirtyCount == 0)
    task.apply(Self.visit(1, "new"))
    task.finish(atMs: Int64(Self.hourMs * 3))
    #expect(
      task.told.suffix(5) == [
        "1 new a entered event(2) 1", "3600000 changes a exited expired 2", "3600000 goes a exited expired 2",
        "3600000 stays a exited expired 2", "3600001 new a exited expired 2",
      ])
  }
}
