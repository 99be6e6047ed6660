import Events

/// A batch on its way into a service: what of it is delivered, what never can be, and what comes next. It stays while the
/// service is away, so that what was taken is not sent again.
struct OpenBatch: ~Copyable {
  /// What became of a record.
  private enum Fate {
    case passedOver, change, erasure, repeated
    case refused(String, answer: String?)
  }

  private(set) var list = ItemList()
  /// The numbers of the items in the order in which they go.
  private var order: [Int] = []
  /// Up to where that was cut into requests.
  private var cut = 0
  /// Requests that were cut and are not done; the next one is the last.
  private var pending: [Range<Int>] = []
  private var fates: [Fate] = []
  private var places: [(partition: Int32, offset: Int64)] = []
  private var fingerprint: UInt64?

  /// Whether this is the batch that is open.
  func isOf(_ batch: borrowing RecordBatch) -> Bool { fingerprint == batch.fingerprint }

  /// Opens a batch.
  mutating func open<Kind: Service>(_ batch: borrowing RecordBatch, with service: inout Kind) {
    list.clear()
    (cut, pending, fates, places) = (0, [], [], [])
    for index in 0..<batch.count {
      let record = batch[index]
      places.append((record.partition, record.offset))
      fates.append(Self.write(record, index, to: &list, with: &service))
    }
    order = service.order.arrange(list.items)
    fingerprint = batch.fingerprint
  }

  private static func write<Kind: Service>(
    _ record: BatchRecord, _ index: Int, to list: inout ItemList, with service: inout Kind
  ) -> Fate {
    let first = list.items.count
    list.record = index
    list.isRepeat = false
    do throws(ItemRefusal) {
      try service.write(record, to: &list)
      let most = service.limits.itemBytes
      if list.items[first...].contains(where: { $0.count > most }) {
        throw ItemRefusal("it has more bytes than the \(most) that the service takes")
      }
    } catch {
      list.remove(from: first)
      return .refused(error.reason, answer: nil)
    }
    guard first < list.items.count else { return list.isRepeat ? .repeated : .passedOver }
    return list.items[first].isErasure ? .erasure : .change
  }

  /// The items of the next request; nothing where all is done. The same again until it is settled.
  mutating func next(_ limits: RequestLimits) -> ArraySlice<Int>? {
    if pending.isEmpty, cut < order.count {
      let from = cut
      var bytes = 0
      let group = list.items[order[from]].group
      while cut < order.count, cut - from < limits.items {
        let item = list.items[order[cut]]
        bytes += item.count + (cut > from ? 1 : 0)
        guard item.group == group, bytes <= limits.bytes || cut == from else { break }
        cut += 1
      }
      pending.append(from..<cut)
    }
    return pending.last.map { order[$0] }
  }

  /// The next request's items were taken.
  /// - Returns: the records that they are of, by their places in the batch.
  mutating func settle() -> [Int] { order[pending.removeLast()].map { list.items[$0].record } }

  /// Gives the batch up, wherever it stands.
  mutating func abandon() { fingerprint = nil }

  /// Of the next request's items some can never be taken, and some come again, by their places in it.
  /// - Returns: the records of those that were taken.
  mutating func settle(refused: [Int: String], again: Set<Int>, answer: String) -> [Int] {
    let range = pending.removeLast()
    var (rest, taken): ([Int], [Int]) = ([], [])
    for (place, item) in Array(order[range]).enumerated() {
      if let reason = refused[place] {
        refuse(item, reason, answer)
      } else if again.contains(place) {
        rest.append(item)
      } else {
        taken.append(list.items[item].record)
      }
    }
    guard !rest.isEmpty else { return taken }
    order.replaceSubrange(range.lowerBound..<(range.lowerBound + rest.count), with: rest)
    pending.append(range.lowerBound..<(range.lowerBound + rest.count))
    return taken
  }

  /// One or more of the next request's items can never be taken: a smaller request tells which.
  mutating func settleRefusal(_ reason: String, answer: String) {
    let range = pending.removeLast()
    guard range.count > 1 else { return refuse(order[range.lowerBound], reason, answer) }
    let middle = range.lowerBound + range.count / 2
    pending.append(middle..<range.upperBound)
    pending.append(range.lowerBound..<middle)
  }

  private mutating func refuse(_ item: Int, _ reason: String, _ answer: String) {
    let record = list.items[item].record
    if case .refused = fates[record] { return }
    fates[record] = .refused(reason, answer: answer)
  }

  /// What became of the batch, once all is done. It is closed then.
  mutating func close() -> BatchOutcome {
    var outcome = BatchOutcome()
    for (fate, place) in zip(fates, places) {
      switch fate {
      case .passedOver: outcome.passedOver += 1
      case .repeated: outcome.repeats += 1
      case .change: outcome.changes += 1
      case .erasure: outcome.erased += 1
      case .refused(let reason, let answer):
        outcome.rejected.append(
          RejectedRecord(partition: place.partition, offset: place.offset, reason: reason, answer: answer))
      }
    }
    fingerprint = nil
    return outcome
  }
}

extension RecordBatch {
  /// Stands for which records there are.
  fileprivate var fingerprint: UInt64 {
    var hash = Hash64.mix(UInt64(count), 1)
    for index in 0..<count {
      let place = UInt64(bitPattern: self[index].offset) &* 65_537 &+ UInt64(UInt32(bitPattern: self[index].partition))
      hash = Hash64.mix(hash ^ place, 2)
    }
    return hash
  }
}
