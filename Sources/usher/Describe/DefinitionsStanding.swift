import Audiences
import Pipeline

/// How far a running application has come with the definitions of a project.
struct DefinitionsStanding {
  /// On a partition.
  enum Standing: Hashable {
    case inForce
    /// Profiles that were kept under former ones are being taken over.
    case beingPutInForce
    /// The log is being read for them: so many hundredths.
    case reading(percent: Int)
    /// Others are in force, and nothing is read for these.
    case notInForce
    /// No event was read there yet.
    case nothingRead
  }

  /// The standings that there are, each with its partitions.
  let standings: [(standing: Standing, partitions: [Int32])]

  init(of project: Project, in status: ApplicationStatus) {
    self.init(called: ApplicationStatus.name(of: project), in: status)
  }

  init(called own: String, in status: ApplicationStatus) {
    var standings: [(standing: Standing, partitions: [Int32])] = []
    for partition in status.partitions {
      let standing = Self.standing(of: own, on: partition)
      if let index = standings.firstIndex(where: { $0.standing == standing }) {
        standings[index].partitions.append(partition.partition)
      } else {
        standings.append((standing, [partition.partition]))
      }
    }
    self.standings = standings
  }

  private static func standing(of own: String, on partition: PartitionStatus) -> Standing {
    if partition.definitions == own { return partition.isAdopting ? .beingPutInForce : .inForce }
    if let next = partition.next, next.definitions == own { return .reading(percent: next.percent) }
    return partition.nextOffset == nil ? .nothingRead : .notInForce
  }

  /// A line for each standing.
  var lines: [String] {
    standings.map { standing, partitions in
      if standings.count == 1, partitions.count > 1 {
        return "all \(partitions.count) partitions: \(standing.sentence)"
      }
      return "\(partitions.count == 1 ? "partition" : "partitions") \(Self.ranges(partitions)): \(standing.sentence)"
    }
  }

  /// Numbers that follow each other are told by the first and the last.
  private static func ranges(_ numbers: [Int32]) -> String {
    var ranges: [ClosedRange<Int32>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
      .joined(separator: ", ")
  }

  var json: JSONValue {
    .array(
      standings.flatMap { standing, partitions in
        partitions.map { partition in
          var percent: JSONValue?
          if case .reading(let read) = standing { percent = .integer(read) }
          return .object([
            ("partition", .integer(Int(partition))), ("standing", .string(standing.name)), ("percent_read", percent),
          ])
        }
      })
  }
}

extension DefinitionsStanding.Standing {
  fileprivate var sentence: String {
    switch self {
    case .inForce: "these definitions are in force."
    case .beingPutInForce: "these definitions are being put in force."
    case .reading(let percent):
      "\(percent) % of the log was read for these definitions; until they have caught up, the former ones are in force."
    case .notInForce:
      "other definitions are in force, and nothing is read for these: no process that runs there has them."
    case .nothingRead: "no event was read yet."
    }
  }

  fileprivate var name: String {
    switch self {
    case .inForce: "in_force"
    case .beingPutInForce: "being_put_in_force"
    case .reading: "reading_log"
    case .notInForce: "not_in_force"
    case .nothingRead: "nothing_read"
    }
  }
}
