import Audiences
import Events
import Foundation
import YAML

// Feeds the reader of definitions with whatever libFuzzer makes of the samples. A first byte says which file the rest
// stands for; the other files are the sample shop's. A crash, a trap or a run without end is a fault of the reader.

/// The sample shop's files, and those of them that an input may stand for.
private struct Samples {
  let texts: [String: String]
  let paths: [String]

  /// Read from the folder in which the fuzzer runs.
  init() {
    var texts: [String: String] = [:]
    for folder in ["ops", "ops/audiences", "topics"] {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where name.hasSuffix(".yaml") {
        texts["\(folder)/\(name)"] = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      }
    }
    self.texts = texts
    paths = ["ops/audiences/fuzzed.yaml", "ops/traits.yaml", "ops/policy.yaml", "topics/taxonomy.yaml"]
  }
}

nonisolated(unsafe) private var samples = Samples()

/// What libFuzzer calls for each input (https://llvm.org/docs/LibFuzzer.html, "Fuzz Target").
private func testOneInput(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
  guard size > 0 else { return 0 }
  let path = samples.paths[Int(data[0]) % samples.paths.count]
  var texts = samples.texts
  texts[path] = String(decoding: UnsafeBufferPointer(start: data + 1, count: size - 1), as: UTF8.self)
  let checked = CheckedProject.read(texts: texts, now: Instant(ms: 1_795_000_000_000))
  if let project = checked.project { _ = Plan(project).leaves.count }
  for diagnostic in checked.diagnostics { _ = diagnostic.description }
  return 0
}

/// libFuzzer as a library ("Using libFuzzer as a library"): the package's manager has a main function of its own.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

var count = CommandLine.argc
var arguments = CommandLine.unsafeArgv
exit(runDriver(&count, &arguments) { testOneInput($0, $1) })
