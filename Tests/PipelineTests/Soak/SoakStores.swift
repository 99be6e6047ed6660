import Audiences
import Engine
import Events
import Foundation
import Kafka
import KafkaTestSupport
import Pipeline
import ProfileStore
import Simulation

/// The changelog of one partition: every state that was committed for each profile, in order, with its offset.
private struct Changelog {
  var states: [[UInt8]: [(offset: Int64, state: [UInt8]?)]] = [:]

  /// The last states of everything that stores hold: the empty key is the task's own record.
  var all: [[UInt8]: [UInt8]] { states.filter { !$0.key.isEmpty }.compactMapValues { $0.last?.state } }

  /// Those of profiles: no id begins with FF.
  var profiles: [[UInt8]: [UInt8]] { all.filter { $0.key[0] != 0xFF } }

  init(_ partition: TopicPartition, _ kafka: KafkaSettings) throws {
    let consumer = try Consumer(kafka, ConsumerOptions(group: "reader"))
    defer { consumer.close(timeoutMs: 10_000) }
    try consumer.assign([(partition, .beginning)])
    while true {
      switch try consumer.poll(timeoutMs: 1000) {
      case .message(let message):
        states[message.key.map { Array($0) } ?? [], default: []].append(
          (message.offset, message.value.map { Array($0) }))
      case .endOfPartition: return
      default: break
      }
    }
  }

  /// Whether a store that stands at `position` may hold this for a profile: what was committed last before it, or later.
  /// A store may be ahead of its position, but never behind it, and never holds what was not committed.
  func mayHold(_ state: [UInt8]?, of id: [UInt8], at position: Int64) -> Bool {
    let all = states[id, default: []]
    let first = all.lastIndex { $0.offset < position }
    return all[(first ?? 0)...].contains { $0.state == state } || (first == nil && state == nil)
  }
}

extension SoakVerifier {
  /// Holds stores against the changelog, and the profiles in them against the changes that were published.
  /// - Parameter everyPartition: whether each partition must be in one of the folders as it is at the end.
  func auditStores(_ folders: [String], _ changes: [SoakInvariants.Change], everyPartition: Bool) throws {
    let members = SoakInvariants.members(after: changes)
    for number in 0..<settings.partitions {
      let log = try Changelog(TopicPartition(topics.settings.changelog, number), kafka.settings)
      checkMembers(of: log, partition: number, members)
      var isThere = false
      for folder in folders {
        let path = "\(folder)/\(topics.settings.app)/partition-\(number)"
        guard FileManager.default.fileExists(atPath: path) else { continue }
        if try isFold(of: log, storeIn: path) { isThere = true }
      }
      if everyPartition, !isThere {
        diary.problem("no store holds partition \(number) as the changelog has it at its end")
      }
    }
  }

  /// Whether a store is what the changelog comes to. One that was left behind must still fit its position.
  private func isFold(of log: Changelog, storeIn path: String) throws -> Bool {
    let store = try DiskStore(folder: path, memory: StoreMemory(budgetBytes: 1 << 20))
    guard let position = store.position else { return false }
    var found: [[UInt8]: [UInt8]] = [:]
    try store.forEachState { id, _, state in
      found[Array(id.buffer)] = Array(state.buffer)
      return true
    }
    diary.count("stores audited")
    let wrong = Set(found.keys).union(log.all.keys).filter {
      !log.mayHold(found[$0], of: $0, at: position.changelogOffset)
    }
    if let first = wrong.first {
      diary.problem(
        "\(wrong.count) profiles in \(path) are not as the changelog has them at \(position.changelogOffset), "
          + "\(String(decoding: first, as: UTF8.self)) first")
    }
    return found == log.all
  }

  /// What the states say of memberships is what was published.
  private func checkMembers(of log: Changelog, partition: Int32, _ members: Set<String>) {
    let audiences = shop.plan.audiences.map(\.definition.key)
    var found: Set<String> = []
    for (id, state) in log.profiles {
      let name = String(decoding: id, as: UTF8.self)
      id.withUnsafeBytes { idBytes in
        state.withUnsafeBytes { bytes in
          guard
            let decoded = try? ProfileCodec.decode(
              Bytes(bytes), id: Bytes(idBytes), statusWords: shop.plan.statusWords)
          else { return diary.problem("the state of \(name) cannot be read") }
          // 64-bit words with a bit for each audience: first whether the profile is eligible, then whether it is in.
          let isIn = decoded.statuses.buffer.dropFirst(8 * ((audiences.count + 63) / 64))
          for (index, key) in audiences.enumerated() where isIn[isIn.startIndex + index / 8] & 1 << (index % 8) != 0 {
            found.insert("\(name) in \(key)")
          }
        }
      }
    }
    let expected = members.filter { member in
      let profile = Array(SoakInvariants.profile(of: member).utf8)
      return profile.withUnsafeBytes { Murmur2.partition(of: Bytes($0), among: Int(settings.partitions)) } == partition
    }
    if let first = found.symmetricDifference(expected).min() {
      diary.problem("partition \(partition): states and changes differ in who is in, \(first) first")
    }
  }
}
