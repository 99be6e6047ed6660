import Events
import Foundation
import Judge
import Simulation
import Testing

/// A change's record, as far as the judge knows it.
private struct ChangeRecord: Decodable {
  struct Properties: Decodable {
    struct Reason: Decodable {
      var kind: String
      var event: String?
    }
    var change: String
    var audience: String
    var seq: Int
    var reason: Reason
  }
  var userId: String
  var timestamp: String
  var properties: Properties
}

extension TestShop {
  /// What the definition says, by brute force, in the words of ``judged(_:)``.
  func verdict(partitions: Int) throws -> ChangesByProfile {
    let judge = BruteForceJudge(definitions, taxonomy: knownEvents, partitions: partitions)
    var changes: ChangesByProfile = [:]
    for change in try judge.verdict(on: lines).changes {
      changes[change.profile, default: []].append(change.description)
    }
    return changes
  }

  /// The changes of a topic in the judge's words; expects that `seq` counts those of each membership from 1.
  func judged(_ found: ChangesByProfile) throws -> ChangesByProfile {
    var seqs: [[String]: Int] = [:]
    return try found.mapValues { values in
      try values.map { value in
        let record = try JSONDecoder().decode(ChangeRecord.self, from: Data((value + "}").utf8))
        let (properties, reason) = (record.properties, record.properties.reason)
        seqs[[record.userId, properties.audience], default: 0] += 1
        #expect(properties.seq == seqs[[record.userId, properties.audience]], "\(value)")
        let atMs = try #require(Instant(iso8601: record.timestamp)?.ms)
        let why = reason.event.map { "\(reason.kind)(\($0))" } ?? reason.kind
        return "\(atMs) \(record.userId) \(properties.audience) \(properties.change) \(why)"
      }
    }
  }
}
