import Events
import Foundation
import Testing

@testable import ProfileStore

@Suite("A store on disk that is not as it was written")
struct DiskDamageTests {
  private let scratch: StoreScratch
  private let models: [StoreModel]

  /// A store of some commits, so that there are several tables.
  init() throws {
    scratch = try StoreScratch()
    var store = try DiskStore(folder: scratch.folder, memory: StoreMemory(budgetBytes: StoreMemory.leastBytes))
    var model = StoreModel()
    var models = [model]
    var chance = StoreChance(seed: 7)
    for commit in 1...3 {
      for _ in 0..<400 {
        let change = StoreChange.draw(&chance, ids: 1000)
        change.apply(to: &model)
        change.apply(to: &store)
      }
      model.position = StorePosition(commit, profiles: model.profiles.count)
      try store.commit(commit, profiles: model.profiles.count)
      models.append(model)
    }
    store.close()
    self.models = models
  }

  private func open() throws -> DiskStore {
    try DiskStore(folder: scratch.folder, memory: StoreMemory(budgetBytes: StoreMemory.leastBytes))
  }

  private func read() throws -> StoreModel { try StoreModel(reading: open()) }

  private func expectDamage(_ kind: StoreError.Kind = .damaged, sourceLocation: SourceLocation = #_sourceLocation) {
    let error = #expect(throws: StoreError.self, sourceLocation: sourceLocation) { try read() }
    #expect(
      error?.kind == kind && error?.isDamaged == true, "\(String(describing: error))", sourceLocation: sourceLocation)
    #expect(error?.description.contains(scratch.folder) == true, sourceLocation: sourceLocation)
  }

  private func overwrite(_ path: String, at offset: Int, count: Int) throws {
    let file = try #require(FileHandle(forUpdatingAtPath: path))
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: Data(repeating: 0xA5, count: count))
    try file.close()
  }

  @Test("is whole before anything is done to it")
  func whole() throws { #expect(try read() == models[3]) }

  @Test("is damaged where bytes in the middle of a table are others")
  func table() throws {
    let path = try #require(try scratch.files(".sst").first)
    try overwrite(path, at: scratch.size(path) / 3, count: 4096)
    expectDamage()
  }

  @Test("is damaged where a table ends too early, or is gone")
  func tableCut() throws {
    let path = try #require(try scratch.files(".sst").first)
    truncate(path, off_t(try scratch.size(path) - 1))
    expectDamage()
    try FileManager.default.removeItem(atPath: path)
    expectDamage()
  }

  @Test("is damaged where CURRENT is empty, or gone")
  func current() throws {
    truncate("\(scratch.folder)/CURRENT", 0)
    expectDamage()
    try FileManager.default.removeItem(atPath: "\(scratch.folder)/CURRENT")
    expectDamage()
  }

  @Test("is damaged where the manifest is empty, or gone")
  func manifest() throws {
    let path = try scratch.manifest()
    truncate(path, 0)
    expectDamage()
    try FileManager.default.removeItem(atPath: path)
    expectDamage()
  }

  @Test("is at an earlier commit, or damaged, wherever the manifest ends too early", arguments: 0..<16)
  func manifestCut(sixteenths: Int) throws {
    let path = try scratch.manifest()
    truncate(path, off_t(try scratch.size(path) * sixteenths / 16))
    expectEarlierOrDamaged()
  }

  @Test("is at an earlier commit, or damaged, whichever byte is another", arguments: 0..<8)
  func anyByte(seed: UInt64) throws {
    var chance = StoreChance(seed: seed)
    let files = try scratch.files().filter { try scratch.size($0) > 0 }
    for path in files {
      let good = try Data(contentsOf: URL(fileURLWithPath: path))
      var bad = good
      bad[Int.random(in: 0..<good.count, using: &chance)] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
      let copy = try StoreScratch()
      try FileManager.default.copyItem(atPath: scratch.folder, toPath: copy.folder)
      let name = try #require(path.split(separator: "/").last)
      try bad.write(to: URL(fileURLWithPath: "\(copy.folder)/\(name)"))
      expectEarlierOrDamaged(copy.folder, "\(name)")
    }
  }

  private func expectEarlierOrDamaged(_ folder: String? = nil, _ comment: Comment? = nil) {
    do {
      let memory = StoreMemory(budgetBytes: StoreMemory.leastBytes)
      let found = try StoreModel(reading: DiskStore(folder: folder ?? scratch.folder, memory: memory))
      #expect(models.contains(found), comment)
    } catch {
      #expect((error as? StoreError)?.isDamaged == true, "\(error) \(comment?.rawValue ?? "")")
    }
  }

  @Test("is of another form where its mark says so, or is missing")
  func form() throws {
    let mark = "\(scratch.folder)/USHER"
    try "usher profile store, form 2\n".write(toFile: mark, atomically: true, encoding: .utf8)
    expectDamage(.otherForm)
    #expect { try read() } throws: { "\($0)".contains("it has form 2, and this version of Usher knows form 1") }
    try FileManager.default.removeItem(atPath: mark)
    expectDamage(.otherForm)
    try "usher profile st".write(toFile: mark, atomically: true, encoding: .utf8)
    expectDamage(.damaged)
  }

  @Test("is made anew where it was never more than begun")
  func begun() throws {
    for name in try scratch.files() where !name.hasSuffix("/USHER") {
      try FileManager.default.removeItem(atPath: name)
    }
    #expect(try read() == models[0])
  }

  @Test("is set aside beside its place, the last one only")
  func setAside() throws {
    try "kept".write(toFile: "\(scratch.parent)/task.damaged-x", atomically: true, encoding: .utf8)
    #expect(try DiskStore.setAside(folder: scratch.folder) == "\(scratch.folder).damaged-1")
    #expect(try read() == models[0])
    #expect(try DiskStore.setAside(folder: scratch.folder + "/") == "\(scratch.folder).damaged-2")
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.parent).sorted()
    #expect(names == ["task.damaged-2", "task.damaged-x"])
    #expect(throws: StoreError.self) { try DiskStore.setAside(folder: scratch.folder) }
  }
}

@Suite("A store on disk that cannot be opened")
struct DiskRefusalTests {
  private let scratch: StoreScratch
  private let memory = StoreMemory(budgetBytes: StoreMemory.leastBytes)

  init() throws { scratch = try StoreScratch() }

  @Test("is held by another, in this process or in another one")
  func locked() async throws {
    let store = try DiskStore(folder: scratch.folder, memory: memory)
    let error = #expect(throws: StoreError.self) { _ = try DiskStore(folder: scratch.folder, memory: memory) }
    #expect(error?.kind == .locked && error?.isDamaged == false)
    await #expect(processExitsWith: .exitCode(7)) { [folder = store.folder as String] in
      do {
        _ = try DiskStore(folder: folder, memory: StoreMemory(budgetBytes: StoreMemory.leastBytes))
      } catch let error as StoreError where error.kind == .locked { exit(7) }
    }
    store.close()
    #expect(try DiskStore(folder: scratch.folder, memory: memory).position == nil)
  }

  @Test("is below a file, and says where and why")
  func belowFile() throws {
    try "".write(toFile: scratch.folder, atomically: true, encoding: .utf8)
    let error = #expect(throws: StoreError.self) {
      _ = try DiskStore(folder: "\(scratch.folder)/store", memory: memory)
    }
    #expect(
      error?.description == "cannot make the profile store in \(scratch.folder)/store: Not a directory. "
        + "Check the folder and the disk that it is on")
    #expect(error?.isDamaged == false)
  }

  @Test(
    "tells what RocksDB and the system say apart",
    arguments: [
      (
        5, 4, "IO error: No space left on device: While appending to file: /s/1.sst: No space left on device", .diskFull
      ),
      (5, 0, "IO error: While appending to file: /s/1.sst: Disk quota exceeded", .diskFull),
      (5, 0, "IO error: While open a file for lock: /s/LOCK: Permission denied", .notPermitted),
      (5, 0, "IO error: While open a file for lock: /s/LOCK: Read-only file system", .notPermitted),
      (5, 0, "IO error: While lock file: /s/LOCK: Resource temporarily unavailable", .locked),
      (5, 9, "IO error: No such file or directory: While open a file: /s/1.sst: No such file or directory", .damaged),
      (5, 0, "IO error: While pread offset 0 len 4: /s/1.sst: Input/output error", .other),
      (2, 0, "Corruption: block checksum mismatch", .damaged), (3, 0, "Not implemented: ", .otherForm),
      (4, 0, "Invalid argument: ", .other),
    ] as [(Int32, Int32, String, StoreError.Kind)])
  func kinds(code: Int32, detail: Int32, words: String, kind: StoreError.Kind) {
    #expect(StoreError.kind(code, detail, words) == kind)
  }
}
