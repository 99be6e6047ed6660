/// What the lanes of a process find before they begin.
package struct LaneGround {
  /// How many partitions the input has.
  let partitionCount: Int
  /// The topics that there are besides the input and the changelog.
  let topics: Set<String>
  /// Where partitions begin of which nothing was read yet, if not at their oldest record.
  let beginnings: [Int32: Int64]

  package init(partitionCount: Int, topics: Set<String>, beginnings: [Int32: Int64] = [:]) {
    self.partitionCount = partitionCount
    self.topics = topics
    self.beginnings = beginnings
  }
}
