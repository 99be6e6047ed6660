import Events
import ProfileStore
import Testing

@Suite("The memory of stores")
struct DiskMemoryTests {
  private let scratch: StoreScratch
  private let memory = StoreMemory(budgetBytes: StoreMemory.leastBytes)

  init() throws { scratch = try StoreScratch() }

  private func open(_ name: String) throws -> DiskStore {
    try DiskStore(folder: "\(scratch.parent)/\(name)", memory: memory)
  }

  /// One commit of so many kilobytes that no compression makes smaller.
  private func write(_ kilobytes: Int, to store: inout DiskStore, as commit: Int) throws {
    var chance = StoreChance(seed: UInt64(commit))
    for number in 0..<kilobytes {
      let state = chance.bytes(1024)
      let id = "\(commit)-\(number)"
      Bytes.lend(id) { store.put(id: $0, hash: Hash64.of($0), state: state, dueMs: .max) }
    }
    try store.commit(commit)
  }

  @Test("is one budget for two stores that are written and read at the same time")
  func shared() throws {
    var stores = [try open("a"), try open("b")] as InlineArray<2, DiskStore>
    for commit in 1...20 {
      for index in 0..<2 { try write(256, to: &stores[index], as: commit) }
      #expect(memory.usedBytes <= memory.budgetBytes * 5 / 4)
    }
    var buffer: [UInt8] = []
    for index in 0..<2 {
      for commit in 1...20 {
        for number in 0..<256 {
          let id = "\(commit)-\(number)"
          #expect(try Bytes.lend(id) { try stores[index].state(of: $0, hash: Hash64.of($0), into: &buffer) })
        }
        #expect(memory.usedBytes <= memory.budgetBytes * 5 / 4)
      }
    }
    #expect(memory.usedBytes >= memory.budgetBytes / 2, "what was read is kept as far as there is room")
  }
}
