import Kafka

/// What the transaction coordinator answers.
enum TransactionAnswer: Equatable { case done, fenced, concurrent, wrongState }

/// The transaction coordinator, by the old protocol (TV1): a request is known by its producer's epoch alone, so that one
/// that comes late may end the next transaction.
final class Transactions {
  enum State: Equatable { case empty, ongoing, ending(commit: Bool) }

  final class Transaction {
    let id: String
    let producer: Int64
    var epoch: Int16 = -1
    var state = State.empty
    var lastCommitted: Bool?
    var partitions: Set<TopicPartition> = []
    var groups: [String: [TopicPartition: Int64]] = [:]
    var timeoutMs: Int64 = 10_000
    var serial = 0
    var marksMissing = 0

    init(id: String, producer: Int64) {
      self.id = id
      self.producer = producer
    }
  }

  private unowned let cluster: Cluster
  private var byId: [String: Transaction] = [:]
  private var byProducer: [Int64: Transaction] = [:]
  /// How often a transaction was given up because it took too long.
  private(set) var timeouts = 0

  init(_ cluster: Cluster) { self.cluster = cluster }

  var areAllEnded: Bool { byId.values.allSatisfy { $0.state == .empty } }

  /// Gives a producer its number and epoch, once what went before has ended.
  func initialize(_ id: String, timeoutMs: Int64) -> (producer: Int64, epoch: Int16)? {
    let transaction = byId[id] ?? Transaction(id: id, producer: Int64(byId.count + 1))
    byId[id] = transaction
    byProducer[transaction.producer] = transaction
    transaction.timeoutMs = timeoutMs
    switch transaction.state {
    case .ending: return nil
    case .ongoing:
      transaction.epoch += 1
      end(transaction, commit: false)
      return nil
    case .empty:
      transaction.epoch += 1
      transaction.lastCommitted = nil
      return (transaction.producer, transaction.epoch)
    }
  }

  func add(_ partitions: [TopicPartition], of producer: Int64, epoch: Int16) -> TransactionAnswer {
    joining(producer, epoch) { $0.partitions.formUnion(partitions) }
  }

  func add(group: String, of producer: Int64, epoch: Int16) -> TransactionAnswer {
    joining(producer, epoch) { $0.groups[group, default: [:]].merge([:]) { $1 } }
  }

  private func joining(_ producer: Int64, _ epoch: Int16, _ change: (Transaction) -> Void) -> TransactionAnswer {
    guard let transaction = byProducer[producer], transaction.epoch == epoch else { return .fenced }
    if case .ending = transaction.state { return .concurrent }
    if transaction.state == .empty {
      transaction.state = .ongoing
      transaction.serial += 1
      let serial = transaction.serial
      cluster.schedule.after(transaction.timeoutMs) { [self] in
        guard transaction.serial == serial, transaction.state == .ongoing else { return }
        timeouts += 1
        transaction.epoch += 1
        end(transaction, commit: false)
      }
    }
    change(transaction)
    return .done
  }

  /// Whether a producer may write to a partition now (KIP-890, part 1).
  func holds(_ partition: TopicPartition, of producer: Int64, epoch: Int16) -> TransactionAnswer {
    guard let transaction = byProducer[producer], transaction.epoch == epoch else { return .fenced }
    guard transaction.state == .ongoing, transaction.partitions.contains(partition) else { return .wrongState }
    return .done
  }

  func put(_ offsets: [TopicPartition: Int64], group: String, of producer: Int64, epoch: Int16) -> TransactionAnswer {
    guard let transaction = byProducer[producer], transaction.epoch == epoch else { return .fenced }
    guard transaction.state == .ongoing, transaction.groups[group] != nil else { return .wrongState }
    transaction.groups[group, default: [:]].merge(offsets) { $1 }
    return .done
  }

  func end(_ producer: Int64, epoch: Int16, commit: Bool) -> TransactionAnswer {
    guard let transaction = byProducer[producer], transaction.epoch == epoch else { return .fenced }
    switch transaction.state {
    case .ongoing:
      end(transaction, commit: commit)
      return .done
    case .ending(commit): return .concurrent
    case .ending: return .wrongState
    case .empty: return transaction.lastCommitted == commit ? .done : .wrongState
    }
  }

  /// Whether offsets of a partition may still change by a transaction that is not done.
  func isUnstable(_ partition: TopicPartition, group: String) -> Bool {
    byId.values.contains { $0.groups[group]?[partition] != nil }
  }

  /// Decides how a transaction ends. That is told in each partition by itself, a little later.
  private func end(_ transaction: Transaction, commit: Bool) {
    transaction.state = .ending(commit: commit)
    let epoch = transaction.epoch
    let partitions = transaction.partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
    transaction.marksMissing = partitions.count + transaction.groups.count
    for partition in partitions {
      tell(transaction) { [cluster] in
        cluster.log(partition).end(transaction.producer, epoch: epoch, commit: commit, nowMs: cluster.schedule.nowMs)
      }
    }
    for (group, offsets) in transaction.groups {
      tell(transaction) { [cluster] in
        transaction.groups[group] = [:]
        if commit { cluster.groups.commit(offsets, group: group) }
      }
    }
    if transaction.marksMissing == 0 { finish(transaction, commit) }
  }

  private func tell(_ transaction: Transaction, _ mark: @escaping () -> Void) {
    let commit = transaction.state == .ending(commit: true)
    cluster.schedule.after(cluster.markDelayMs()) { [self] in
      mark()
      transaction.marksMissing -= 1
      if transaction.marksMissing == 0 { finish(transaction, commit) }
    }
  }

  private func finish(_ transaction: Transaction, _ committed: Bool) {
    transaction.state = .empty
    transaction.lastCommitted = committed
    transaction.partitions = []
    transaction.groups = [:]
  }
}
