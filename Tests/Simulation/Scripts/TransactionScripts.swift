import Kafka
import Pipeline

extension Stage {
  func abort() throws -> [String] {
    let writer = try writer("a")
    try writer.begin()
    try write("one", by: writer)
    var lines = ["abort: " + answer { try writer.abort() }, "is spent: \(writer.needsReplacement)"]
    writer.close(timeoutMs: 5000)
    let next = try self.writer("a")
    try next.begin()
    try write("two", by: next)
    lines.append("commit: " + answer { try next.commit() })
    lines.append("seen: \(try seen(waitingFor: ["two"]))")
    next.close(timeoutMs: 5000)
    return lines
  }

  func fencing() throws -> [String] {
    let first = try writer("f")
    try first.begin()
    try write("first", by: first)
    try first.sendOffsets([PartitionOffset(TopicPartition(input, 0), 5)], of: group(), member: nil, timeoutMs: 10_000)
    let second = try writer("f")
    var lines = ["first commits: " + answer { try first.commit() }, "is spent: \(first.needsReplacement)"]
    first.close(timeoutMs: 5000)
    try second.begin()
    try write("second", by: second)
    lines.append("second commits: " + answer { try second.commit() })
    lines.append("seen: \(try seen(waitingFor: ["second"]))")
    lines.append("offsets: \(try committed(group(), timeoutMs: 10_000))")
    second.close(timeoutMs: 5000)
    return lines
  }

  func openTransaction() throws -> [String] {
    let (slow, quick) = (try writer("slow"), try writer("quick"))
    try slow.begin()
    try write("slow", by: slow)
    // Offsets are sent at once, and the records before them; only then does the other begin.
    try slow.sendOffsets([PartitionOffset(TopicPartition(input, 0), 1)], of: group(), member: nil, timeoutMs: 10_000)
    try settle(of: slow)
    try quick.begin()
    try write("quick", by: quick)
    var lines = ["quick commits: " + answer { try quick.commit() }]
    lines.append("seen: \(try seen())")
    lines.append("slow aborts: " + answer { try slow.abort() })
    lines.append("seen: \(try seen(waitingFor: ["quick"]))")
    slow.close(timeoutMs: 5000)
    quick.close(timeoutMs: 5000)
    return lines
  }

  /// Waits until what a writer has queued is in the log: readers of everything see it.
  private func settle(of writer: World.Writer) throws {
    var options = ConsumerOptions(group: group("watch"))
    options.readsUncommitted = true
    let reader = try world.reader(options, waitMs: 10)
    defer { reader.close(timeoutMs: 5000) }
    try reader.assign([(TopicPartition(output, 0), .beginning)])
    let endMs = world.monotonicMs() + 10_000
    while world.monotonicMs() < endMs {
      if case .message = try reader.poll(timeoutMs: 20) { return }
    }
  }

  func unstableOffsets() throws -> [String] {
    let writer = try writer("u")
    let offset = PartitionOffset(TopicPartition(input, 0), 7)
    try writer.begin()
    try writer.sendOffsets([offset], of: group(), member: nil, timeoutMs: 10_000)
    var lines = ["while it is open: \(try committed(group(), timeoutMs: 1500))"]
    lines.append("commit: " + answer { try writer.commit() })
    lines.append("then: \(try committed(group(), timeoutMs: 10_000))")
    try writer.begin()
    try writer.sendOffsets(
      [PartitionOffset(TopicPartition(input, 0), 9)], of: group(), member: nil, timeoutMs: 10_000)
    lines.append("abort: " + answer { try writer.abort() })
    lines.append("then: \(try committed(group(), timeoutMs: 10_000))")
    writer.close(timeoutMs: 5000)
    return lines
  }

  func whole() throws -> [String] {
    let writer = try writer("w")
    let partitions = [TopicPartition(input, 0), TopicPartition(input, 1)]
    try writer.begin()
    try write("left", by: writer, to: 0, of: input)
    try write("right", by: writer, to: 1, of: input)
    try writer.sendOffsets([PartitionOffset(partitions[0], 3)], of: group(), member: nil, timeoutMs: 10_000)
    var lines = ["seen before: \(try seen(partitions))", "commit: " + answer { try writer.commit() }]
    let endMs = world.monotonicMs() + 10_000
    while try seen(partitions).count < 2, world.monotonicMs() < endMs {}
    lines.append("seen: \(try seen(partitions))")
    lines.append("offsets: \(try committed(group(), timeoutMs: 10_000))")
    // An empty transaction is nothing at all.
    try writer.begin()
    lines.append("an empty one: " + answer { try writer.commit() })
    writer.close(timeoutMs: 5000)
    return lines
  }
}
