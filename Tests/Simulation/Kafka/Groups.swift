import Judge
import Kafka

/// The group coordinator: the eager protocol, with static members.
final class Groups {
  enum CommitAnswer { case done, unknownMember, otherGeneration, fencedInstance, rebalancing }

  final class Member {
    let id: String
    let instance: String?
    let sessionMs: Int64
    /// Nil once its process is gone.
    weak var client: (any GroupClient)?
    var heardAtMs: Int64
    var hasJoined = true
    var partitions: [TopicPartition] = []

    init(id: String, instance: String?, sessionMs: Int64, client: any GroupClient, nowMs: Int64) {
      self.id = id
      self.instance = instance
      self.sessionMs = sessionMs
      self.client = client
      heardAtMs = nowMs
    }
  }

  final class Group {
    enum Phase { case empty, joining, sharing, stable }
    let name: String
    var phase = Phase.empty
    var generation = 0
    var members: [Member] = []
    var topic = ""
    var offsets: [TopicPartition: Int64] = [:]
    var serial = 0

    init(_ name: String) { self.name = name }
  }

  private unowned let cluster: Cluster
  private var groups: [String: Group] = [:]
  private var memberCount = 0
  /// How often a group shared its partitions anew.
  private(set) var rebalances = 0

  init(_ cluster: Cluster) { self.cluster = cluster }

  private func group(_ name: String) -> Group {
    if let known = groups[name] { return known }
    let made = Group(name)
    groups[name] = made
    return made
  }

  func memberCount(of name: String) -> Int { groups[name]?.members.count ?? 0 }

  // MARK: Offsets

  func commit(_ offsets: [TopicPartition: Int64], group name: String) { group(name).offsets.merge(offsets) { $1 } }

  /// The committed offset of a partition.
  func committed(_ partition: TopicPartition, group name: String) -> Int64? { groups[name]?.offsets[partition] }

  /// Whether somebody may commit offsets now: who they are in the group is all that is asked.
  func check(member id: String?, generation: Int, group name: String) -> CommitAnswer {
    let group = group(name)
    // Who says nothing about members is not asked, though the group may have some.
    guard let id else { return .done }
    guard let member = group.members.first(where: { $0.id == id }) else { return .unknownMember }
    if group.phase == .sharing { return .rebalancing }
    guard generation == group.generation else { return .otherGeneration }
    member.heardAtMs = cluster.schedule.nowMs
    return .done
  }

  // MARK: Members

  /// A client comes, or comes back, to a group.
  func join(
    _ client: any GroupClient, id: String?, instance: String?, topic: String, sessionMs: Int64, group name: String
  ) {
    let group = group(name)
    group.topic = topic
    if let id {
      guard let member = group.members.first(where: { $0.id == id }) else { return client.memberIsUnknown() }
      member.heardAtMs = cluster.schedule.nowMs
      if group.phase != .joining { rebalance(group) }
      member.hasJoined = true
      return shareIfComplete(group)
    }
    memberCount += 1
    let member = Member(
      id: "member-\(memberCount)", instance: instance, sessionMs: sessionMs, client: client,
      nowMs: cluster.schedule.nowMs)
    client.isKnown(as: member.id)
    if let instance, let former = group.members.firstIndex(where: { $0.instance == instance }) {
      replace(former, with: member, in: group)
    } else {
      group.members.append(member)
      if group.phase != .joining { rebalance(group) }
      member.hasJoined = true
    }
    watch(member, group)
    shareIfComplete(group)
  }

  /// A static member that comes back gets what it had, and nobody else is troubled.
  private func replace(_ former: Int, with member: Member, in group: Group) {
    let old = group.members[former]
    old.client?.isFenced()
    member.partitions = old.partitions
    group.members[former] = member
    if group.phase == .stable { member.client?.isGiven(member.partitions, generation: group.generation) }
  }

  /// A sign of life; it brings word of a rebalance.
  func heartbeat(_ client: any GroupClient, id: String, group name: String) {
    let group = group(name)
    guard let member = group.members.first(where: { $0.id == id }) else { return client.memberIsUnknown() }
    member.heardAtMs = cluster.schedule.nowMs
    if group.phase == .joining, !member.hasJoined { client.mustJoinAgain() }
  }

  func leave(id: String, group name: String) {
    let group = group(name)
    if let member = group.members.first(where: { $0.id == id }) { remove(member, group) }
  }

  private func watch(_ member: Member, _ group: Group) {
    cluster.schedule.at(member.heardAtMs + member.sessionMs) { [self] in
      guard group.members.contains(where: { $0 === member }) else { return }
      if member.heardAtMs + member.sessionMs > cluster.schedule.nowMs || cluster.isDown {
        if cluster.isDown { member.heardAtMs = cluster.schedule.nowMs }
        return watch(member, group)
      }
      remove(member, group)
    }
  }

  private func remove(_ member: Member, _ group: Group) {
    group.members.removeAll { $0 === member }
    if group.phase != .joining || group.members.isEmpty { rebalance(group) }
    shareIfComplete(group)
  }

  /// Everybody has to come again.
  private func rebalance(_ group: Group) {
    group.phase = group.members.isEmpty ? .empty : .joining
    group.serial += 1
    for member in group.members { member.hasJoined = false }
  }

  private func shareIfComplete(_ group: Group) {
    guard group.phase == .joining, group.members.allSatisfy(\.hasJoined) else { return }
    group.phase = .sharing
    let serial = group.serial
    // Those who come in quick succession are served together.
    cluster.schedule.after(cluster.schedule.chance.from(1...100)) { [self] in
      guard group.phase == .sharing, group.serial == serial else { return }
      share(group)
    }
  }

  /// By range, in the order of names.
  private func share(_ group: Group) {
    rebalances += 1
    group.generation += 1
    group.phase = .stable
    let partitions = (0..<cluster.partitionCount(of: group.topic)).map { TopicPartition(group.topic, Int32($0)) }
    let members = group.members.sorted { ($0.instance ?? $0.id) < ($1.instance ?? $1.id) }
    let (each, more) = (partitions.count / members.count, partitions.count % members.count)
    var start = 0
    for (place, member) in members.enumerated() {
      let count = each + (place < more ? 1 : 0)
      member.partitions = Array(partitions[start..<start + count])
      start += count
      member.client?.isGiven(member.partitions, generation: group.generation)
    }
  }
}

/// What a group tells a client; it reaches the client when it comes to it.
protocol GroupClient: AnyObject {
  func isKnown(as id: String)
  func isGiven(_ partitions: [TopicPartition], generation: Int)
  func mustJoinAgain()
  func memberIsUnknown()
  func isFenced()
}
