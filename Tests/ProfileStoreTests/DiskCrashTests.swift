import Events
import Glibc
import ProfileStore
import Testing

/// Commits that are the same whoever makes them, so that another process can tell what a store was meant to hold.
private enum Script {
  /// More than RocksDB leaves in tables as they came.
  static let commits = 150

  static func changes(of commit: Int, seed: UInt64) -> [StoreChange] {
    var chance = StoreChance(seed: seed &* 10_000 &+ UInt64(commit))
    return (0..<200).map { _ in StoreChange.draw(&chance, ids: 4000) }
  }

  /// What a store holds after so many commits.
  static func model(after commits: Int, seed: UInt64) -> StoreModel {
    var model = StoreModel()
    for commit in 0..<commits {
      for change in changes(of: commit, seed: seed) { change.apply(to: &model) }
      model.position = StorePosition(commit + 1, profiles: model.profiles.count)
    }
    return model
  }

  static func run(in folder: String, seed: UInt64, to end: Int) throws {
    var model = StoreModel()
    var store = try DiskStore(folder: folder, memory: StoreMemory(budgetBytes: StoreMemory.leastBytes))
    for commit in 0..<end {
      for change in changes(of: commit, seed: seed) {
        change.apply(to: &model)
        change.apply(to: &store)
      }
      try store.commit(commit + 1, profiles: model.profiles.count)
    }
    // What was collected and not committed is nothing to a crash.
    for change in changes(of: end, seed: seed) { change.apply(to: &store) }
    kill(getpid(), SIGKILL)
  }
}

@Suite("A store on disk whose process is killed")
struct DiskCrashTests {
  @Test("is as it was after its last commit, as a whole, and goes on from there", arguments: 1...6)
  func killed(seed: Int) async throws {
    let scratch = try StoreScratch()
    let folder = scratch.folder
    let end = Script.commits - seed * 7
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [folder = folder as String, seed = seed as Int, end = end as Int] in
      try Script.run(in: folder, seed: UInt64(seed), to: end)
    }
    var store = try DiskStore(folder: folder, memory: StoreMemory(budgetBytes: StoreMemory.leastBytes))
    let found = store.position
    let position = try #require(found, "nothing of all that was on disk")
    let number = Int(position.changelogOffset)
    #expect(number == end)
    var model = Script.model(after: number, seed: UInt64(seed))
    #expect(try StoreModel(reading: store) == model)

    for change in Script.changes(of: number, seed: UInt64(seed)) {
      change.apply(to: &store)
      change.apply(to: &model)
    }
    model.position = StorePosition(number + 1, profiles: model.profiles.count)
    try store.commit(number + 1, profiles: model.profiles.count)
    store.close()
    store = try DiskStore(folder: folder, memory: StoreMemory(budgetBytes: StoreMemory.leastBytes))
    #expect(try StoreModel(reading: store) == model)
  }

  @Test("keeps what was committed, and nothing of what was not")
  func committed() throws {
    let scratch = try StoreScratch()
    let memory = StoreMemory(budgetBytes: StoreMemory.leastBytes)
    func write() throws {
      var store = try DiskStore(folder: scratch.folder, memory: memory)
      store.put("ada", "1", dueMs: 1)
      try store.commit(1)
      store.put("ada", "2", dueMs: 2)
      store.put("ben", "2", dueMs: 2)
    }
    try write()
    let store = try DiskStore(folder: scratch.folder, memory: memory)
    #expect(store.position == StorePosition(1))
    #expect(try store.state(of: "ada") == "1")
    #expect(try store.state(of: "ben") == nil)
    #expect(try store.dues() == ["\(StoreModel.hash("ada")) 1"])
  }
}
