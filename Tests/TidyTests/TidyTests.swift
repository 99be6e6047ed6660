import Foundation
import Testing

/// The rules of the house that a compiler does not hold.
@Suite("The house is tidy")
struct TidyTests {
  /// From which rooms each may import. What is not named here, no room may.
  static let rooms: [String: Set<String>] = [
    "usher": [
      "Delivery", "Pipeline", "ProfileStore", "Engine", "Audiences", "Events", "Kafka", "Telemetry", "YAML",
      "Compression",
    ],
    "Delivery": ["Kafka", "HTTP", "Events", "Telemetry", "YAML", "CSQLite", "CPostgres"],
    "Pipeline": ["Engine", "ProfileStore", "Kafka", "Audiences", "Events", "Telemetry"],
    "ProfileStore": ["Engine", "Audiences", "Events", "Telemetry", "CRocksDB"],
    "Engine": ["Audiences", "Events", "CMemory"],
    "Audiences": ["Events", "YAML"],
    "Events": ["YAML", "CSimdjson", "CCrypto", "CPhoneNumber"],
    "Kafka": ["CKafka"],
    "HTTP": ["CCurl"],
    "Telemetry": [],
    "YAML": ["CYAML"],
    "Compression": ["CZlib", "CZstd"],
  ]

  /// Modules of the toolchain that any room may import besides.
  static let toolchain: Set<String> = ["Glibc", "Synchronization"]

  /// The engine is pure: it may not even ask the system for the time.
  static let pureRooms: Set<String> = ["Engine"]

  static let longestFile = 400
  static let longestFunction = 60

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The Swift files below a folder of the repository.
  static func sources(below folder: String) -> [SourceFile] {
    let start = root.appending(path: folder)
    let paths = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
    return (paths?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }.sorted { $0.path < $1.path }
      .compactMap { SourceFile($0, root: root) }
  }

  @Test("Rooms import only from the rooms below them, and none imports Foundation")
  func imports() {
    for file in Self.sources(below: "Sources") {
      guard let allowed = Self.rooms[file.room] else {
        Issue.record("\(file.path): '\(file.room)' is no room; name it in TidyTests and in Package.swift")
        continue
      }
      let besides = Self.pureRooms.contains(file.room) ? [] : Self.toolchain
      for module in file.imports where !allowed.contains(module) && !besides.contains(module) {
        Issue.record("\(file.path): \(file.room) may not import \(module)")
      }
    }
  }

  @Test("Every room begins with a comment that says what it is for")
  func headComments() {
    for room in Self.rooms.keys.sorted() where room != "usher" {
      let main = Self.sources(below: "Sources/\(room)").first { $0.path == "Sources/\(room)/\(room).swift" }
      #expect(main?.lines.first?.hasPrefix("// \(room): ") == true, "Sources/\(room)/\(room).swift")
    }
  }

  @Test("Files hold one idea, and functions fit a screen")
  func lengths() {
    for file in ["Sources", "Tests", "bench"].flatMap(Self.sources) {
      #expect(file.lines.count <= Self.longestFile, "\(file.path) has \(file.lines.count) lines")
      for function in file.functions where function.length > Self.longestFunction {
        Issue.record("\(file.path):\(function.line): a function of \(function.length) lines")
      }
    }
  }

  @Test("What is unchecked says why, and nothing is left for later")
  func words() {
    for file in Self.sources(below: "Sources") {
      for (number, line) in file.lines.enumerated() {
        let isExplained = line.contains("//") || (number > 0 && file.commentAbove(number))
        if line.contains("@unchecked Sendable"), !isExplained {
          Issue.record("\(file.path):\(number + 1): say why the compiler cannot check this")
        }
        for word in ["TODO", "FIXME", "XXX", "try!", "fatalError(\"not"] where line.contains(word) {
          Issue.record("\(file.path):\(number + 1): '\(word)'")
        }
      }
    }
  }

  @Test("Public symbols are documented")
  func documentation() {
    for file in Self.sources(below: "Sources") {
      for (number, line) in file.lines.enumerated() where file.declaresPublic(number) && !file.isDocumented(number) {
        Issue.record("\(file.path):\(number + 1): \(line.trimmingCharacters(in: .whitespaces))")
      }
    }
  }
}
