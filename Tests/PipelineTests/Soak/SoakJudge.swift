import Events
import Foundation
import Judge
import Simulation

/// Who is in by the definition, worked out by brute force. That takes long, so of a long log only some profiles are
/// judged. What the others did moves the clocks, and nothing else: for events of theirs somebody is deleted who never was.
struct SoakJudge {
  private struct Event: Decodable {
    var timestamp: Int64
  }

  private let shop: TestShop
  private let partitions: Int
  /// In each partition, somebody who never was.
  private let nobodies: [String]

  private static let mostRecords = 8000

  init(_ shop: TestShop, partitions: Int) {
    self.shop = shop
    self.partitions = partitions
    nobodies = (0..<partitions).map { partition in
      (0...).lazy.map { "nobody-\($0)" }.first { id in
        Array(id.utf8).withUnsafeBytes { Murmur2.partition(of: Bytes($0), among: partitions) } == partition
      } ?? ""
    }
  }

  /// The memberships at the end, as ``SoakInvariants`` names them, and of whom.
  func members(after input: [Incoming]) throws -> (members: Set<String>, profiles: Set<String>) {
    let share = (input.count + Self.mostRecords - 1) / Self.mostRecords
    let all = Set(input.compactMap(\.key)).sorted()
    let profiles = Set(all.indices.filter { $0 % max(1, share) == 0 }.map { all[$0] })
    let lines = (0..<partitions).flatMap { partition in
      self.lines(of: profiles, input.filter { $0.partition == partition }, partition)
    }
    let judge = BruteForceJudge(shop.definitions, taxonomy: shop.knownEvents, partitions: partitions)
    var members: Set<String> = []
    for change in try judge.verdict(on: lines).changes {
      let member = "\(change.profile) in \(change.audience)"
      if change.kind == .entered { members.insert(member) } else { members.remove(member) }
    }
    return (members.filter { profiles.contains(SoakInvariants.profile(of: $0)) }, profiles)
  }

  /// The records of some profiles in a partition. Of the others' between two of them only the latest counts for the clock.
  private func lines(of profiles: Set<String>, _ records: [Incoming], _ partition: Int) -> [String] {
    var lines: [String] = []
    var passed: Int64?
    for record in records {
      let value = record.value ?? ""
      if !profiles.contains(record.key ?? "") {
        let event = try? JSONDecoder().decode(Event.self, from: Data(value.utf8))
        passed = [passed, event?.timestamp].compactMap { $0 }.max()
        continue
      }
      lines += passed.map { [standIn(at: $0, in: partition)] } ?? []
      lines.append(value)
      passed = nil
    }
    return lines + (passed.map { [standIn(at: $0, in: partition)] } ?? [])
  }

  /// A record of that time, of which nothing stays.
  private func standIn(at timeMs: Int64, in partition: Int) -> String {
    "{\"type\":\"delete\",\"userId\":\"\(nobodies[partition])\",\"timestamp\":\(timeMs)}"
  }
}
