import Compression
import CompressionTestSupport
import Events
import Foundation
import Testing

@testable import usher

@Suite("Events that are packed")
struct BacktestInputTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)"))
    return "\(folder.path)/\(name)"
  }

  private func lines(_ path: String) throws(InputProblem) -> [String] {
    var reader = try LineReader(path: path)
    var lines: [String] = []
    while let line = try reader.next() { lines.append(line.text) }
    return lines
  }

  private static let texts = [
    "", "\n", "one", "one\n", "one\n\ntwo\n{", (0..<200_000).map { "{\"line\":\($0 * 7919 % 10_007)}\n" }.joined(),
    String(repeating: "long", count: 3_000_000) + "\nend",
  ]

  @Test("are read as if they were not, whatever their name is")
  func packed() throws {
    for text in Self.texts {
      let wanted = try lines(try write(Array(text.utf8), "plain"))
      #expect(wanted.joined(separator: "\n") == (text.hasSuffix("\n") ? String(text.dropLast()) : text))
      for name in ["e.gz", "e.zst", "e.ndjson"] {
        #expect(try lines(try write(Pack.gzip(text), name)) == wanted)
        #expect(try lines(try write(Pack.zstd(text), name)) == wanted)
      }
    }
  }

  @Test("may be in several parts, and a line may go from one into the next")
  func parts() throws {
    for pack in [Pack.gzip, Pack.zstd] {
      let bytes = ["{\"a\":1}\n{\"b", "", "\":2}\n", "{\"c\":3}"].flatMap(pack)
      #expect(try lines(try write(bytes, "parts")) == ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"])
    }
  }

  @Test("are evaluated the same, and read into memory first where that is asked for")
  func same() throws {
    let wanted = try BacktestShop().backtest("--json", in: folder)
    for (name, bytes) in [("e.gz", Pack.gzip(BacktestShop.events)), ("e.zst", Pack.zstd(BacktestShop.events))] {
      let path = try write(bytes, name)
      #expect(try BacktestShop().backtest("--json", "--events", path, in: folder) == wanted)
      #expect(
        try BacktestShop().backtest("--json", "--summary", "--time", "--events", path, in: folder).hasSuffix(wanted))
    }
  }

  @Test("and damaged are one sentence that names the file")
  func damaged() throws {
    let packed = Pack.gzip(BacktestShop.events)
    let cut = try write(Array(packed.dropLast(100)), "cut.gz")
    #expect(throws: InputProblem.damaged(path: cut, .cutShort(.gzip))) { try lines(cut) }
    let empty = try write([], "empty.zst")
    #expect(throws: InputProblem.damaged(path: empty, .cutShort(.zstd))) { try lines(empty) }
    let followed = try write(packed + Array("{}\n".utf8), "followed")
    #expect(throws: InputProblem.damaged(path: followed, .trailing(.gzip))) { try lines(followed) }
    let named = try write([0, 1, 2, 3, 4], "named.zst")
    #expect(throws: InputProblem.misnamed(path: named, .zstd)) { try lines(named) }
    let failure = #expect(throws: Failure.self) { try BacktestShop().backtest("--events", cut, in: folder) }
    #expect(failure?.exitCode == 1)
    #expect(failure?.message == "cannot read \(cut) to its end: its gzip data ends too early")
    let missing = "\(folder.path)/missing"
    let absent = #expect(throws: Failure.self) { try BacktestShop().backtest("--events", missing, in: folder) }
    #expect(absent?.message == "cannot read \(missing): No such file or directory" && absent?.exitCode == 1)
  }

  @Test("by name only are read as they are, where they look like events")
  func onlyNamed() throws {
    #expect(try lines(try write(Array("{\"a\":1}\n".utf8), "plain.gz")) == ["{\"a\":1}"])
  }
}
