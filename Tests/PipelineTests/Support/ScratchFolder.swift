import Foundation

/// A folder of its own for one test; it goes with the object.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "usher-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The files below it whose names end so, the largest first.
  func files(_ ending: String) throws -> [String] {
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    let found = try names.filter { $0.hasSuffix(ending) }.map { name in
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
      return (path: "\(path)/\(name)", size: attributes[.size] as? Int ?? 0)
    }
    return found.sorted { $0.size > $1.size }.map(\.path)
  }

  /// Writes over the middle of a file.
  func damage(_ file: String) throws {
    let handle = try FileHandle(forUpdating: URL(filePath: file))
    let size = try handle.seekToEnd()
    try handle.seek(toOffset: size / 3)
    try handle.write(contentsOf: Data(repeating: 0xA5, count: Int(size / 3)))
    try handle.close()
  }
}
