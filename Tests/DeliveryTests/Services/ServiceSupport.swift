import Delivery
import Events
import Glibc
import HTTPTestSupport
import Synchronization
import Testing
import YAML

/// A destination's file, as its kind reads it.
func declaration(_ yaml: String) throws -> any ServiceDeclaration {
  let (file, diagnostics) = DestinationFile.read(Document(text: yaml, file: "ops/destinations/d.yaml"))
  guard case .service(let declaration) = file?.kind else {
    throw Refused(words: diagnostics.map(\.description).joined(separator: "\n"))
  }
  return declaration
}

struct Refused: Error {
  let words: String
}

/// The secrets of all tests.
let places = SecretPlaces(environment: ["THE_SECRET": Standards.secret], folder: "/")

enum Standards {
  static let secret = "hunter2-hunter2"
}

/// A destination of whatever kind, so that one piece of code tests them all.
struct OpenService: ~Copyable {
  private let take: (borrowing RecordBatch) throws(DestinationError) -> BatchOutcome

  /// - Parameter name: the destination's name.
  init(
    _ yaml: String, name: String = "d", showing show: ((String) -> Void)? = nil,
    shouldStop: @escaping () -> Bool = { false }
  ) throws {
    take = try Self.opened(try declaration(yaml), name, show, shouldStop)
  }

  private static func opened<Declaration: ServiceDeclaration>(
    _ declaration: Declaration, _ name: String, _ show: ((String) -> Void)?, _ shouldStop: @escaping () -> Bool
  ) throws -> (borrowing RecordBatch) throws(DestinationError) -> BatchOutcome {
    let box = Box(try declaration.open(name, places, showing: show, shouldStop: shouldStop))
    return { (batch: borrowing RecordBatch) throws(DestinationError) in try box.destination.deliver(batch) }
  }

  private final class Box<Made: Service> {
    var destination: HTTPDestination<Made>
    init(_ destination: consuming HTTPDestination<Made>) { self.destination = destination }
  }

  /// Delivers once, as a loop does with a batch.
  func once(_ batch: borrowing RecordBatch) throws(DestinationError) -> BatchOutcome { try take(batch) }

  /// Delivers until it is done, as a loop does; what was told meanwhile is returned, too.
  func deliver(
    _ batch: borrowing RecordBatch, atMost tries: Int = 100
  ) throws -> (outcome: BatchOutcome, errors: [DestinationError]) {
    var errors: [DestinationError] = []
    for _ in 0..<tries {
      do throws(DestinationError) {
        return (try take(batch), errors)
      } catch {
        guard error.mayPass else { throw error }
        errors.append(error)
      }
    }
    throw Refused(words: "not delivered: \(errors.last?.sentence ?? "")")
  }
}

/// Answers one after the other; the last one for ever.
final class Script: Sendable {
  private let rest: Mutex<[Reply]>

  init(_ replies: [Reply]) { rest = Mutex(replies) }

  func next() -> Reply { rest.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? .ok } }
}

/// What a stand-in found wrong with what it received.
final class Complaints: Sendable {
  private let list = Mutex<[String]>([])

  var all: [String] { list.withLock { $0 } }

  func expect(_ condition: Bool, _ words: @autoclosure () -> String) {
    if !condition { list.withLock { [words = words()] in $0.append(words) } }
  }
}

extension RecordBatch {
  /// Records of several partitions.
  static func spread(_ values: [(partition: Int32, value: String)]) -> RecordBatch {
    var batch = RecordBatch(topic: "audience.analytics")
    var next: [Int32: Int64] = [:]
    for (partition, value) in values {
      var value = value
      let offset = next[partition, default: 0]
      next[partition] = offset + 1
      value.withUTF8 {
        batch.append(
          partition: partition, offset: offset, key: Bytes("k"), value: Bytes($0.baseAddress!, count: $0.count))
      }
    }
    return batch
  }
}

extension TestChange {
  /// The same, for these destinations alone.
  func addressed(to names: [String]) -> String {
    let list = names.map { "\"\($0)\"" }.joined(separator: ",")
    return json.split(separator: "\"usher\":{", maxSplits: 1).joined(separator: "\"usher\":{\"to\":[\(list)],")
  }
}

func erasure(of profile: String) -> String {
  "{\"type\":\"delete\",\"userId\":\"\(profile)\",\"timestamp\":\"\(TestChange("", seq: 1).time)\"}"
}
