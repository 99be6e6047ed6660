import Pipeline
import Testing

@testable import usher

/// What `usher describe --live` tells of a running application.
struct DefinitionsStandingTests {
  private static func partition(
    _ number: Int32, _ definitions: String?, next: (String, Int)? = nil, isAdopting: Bool = false
  ) -> PartitionStatus {
    var partition = PartitionStatus(partition: number, end: 10)
    partition.nextOffset = definitions == nil ? nil : 5
    partition.definitions = definitions
    partition.next = next.map { (definitions: $0.0, percent: $0.1) }
    partition.isAdopting = isAdopting
    return partition
  }

  private let standing = DefinitionsStanding(
    called: "own",
    in: ApplicationStatus(partitions: [
      partition(0, "own"), partition(1, "other", next: ("own", 45)), partition(2, "own", isAdopting: true),
      partition(3, "other"), partition(4, "own"), partition(5, nil), partition(6, "other", next: ("third", 90)),
    ]))

  @Test func partitionsThatStandAlikeAreToldTogether() {
    #expect(
      standing.lines == [
        "partitions 0, 4: these definitions are in force.",
        "partition 1: 45 % of the log was read for these definitions; until they have caught up, the former ones are "
          + "in force.",
        "partition 2: these definitions are being put in force.",
        "partitions 3, 6: other definitions are in force, and nothing is read for these: no process that runs there has "
          + "them.",
        "partition 5: no event was read yet.",
      ])
  }

  @Test func partitionsThatFollowEachOtherAreToldByTheFirstAndTheLast() {
    func lines(_ definitions: [String]) -> [String] {
      let partitions = definitions.enumerated().map { Self.partition(Int32($0), $1) }
      return DefinitionsStanding(called: "own", in: ApplicationStatus(partitions: partitions)).lines
    }
    let inForce = "these definitions are in force."
    #expect(lines(["own", "own", "own"]) == ["all 3 partitions: \(inForce)"])
    #expect(lines(["own"]) == ["partition 0: \(inForce)"])
    #expect(lines(["own", "own", "own", "other", "own"])[0] == "partitions 0 to 2, 4: \(inForce)")
  }

  @Test func asDataEachPartitionStandsForItself() {
    let words = standing.json.text.split { $0.isWhitespace }.joined()
    #expect(words.contains(#"{"partition":1,"standing":"reading_log","percent_read":45}"#), "\(words)")
    #expect(words.split(separator: "{").count == 8, "seven partitions and what stands before them")
  }
}
