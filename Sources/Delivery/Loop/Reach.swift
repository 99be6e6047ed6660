/// How far the partitions that a loop reads are, and how far they went when they were taken up.
struct Reach {
  private var partitions: [Int32: (next: Int64, end: Int64)] = [:]
  private var isAssigned = false

  /// These partitions are read from now on: from `next`, and up to `end` there was something then.
  mutating func begin(_ partitions: [Int32: (next: Int64, end: Int64)]) {
    self.partitions = partitions
    isAssigned = true
  }

  mutating func lose() {
    partitions = [:]
    isAssigned = false
  }

  /// Notes that a partition has been read up to an offset.
  /// - Returns: whether that is further than before.
  mutating func move(_ partition: Int32, to offset: Int64) -> Bool {
    guard let reached = partitions[partition], offset > reached.next else { return false }
    partitions[partition]?.next = offset
    return true
  }

  /// Where a partition ended when it was taken up.
  func end(of partition: Int32) -> Int64 { partitions[partition]?.end ?? .max }

  /// Whether all has been read that was there when the partitions were taken up.
  var isComplete: Bool { isAssigned && partitions.values.allSatisfy { $0.next >= $0.end } }
}
