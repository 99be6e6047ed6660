import Kafka
import Pipeline

extension Stage {
  private func member(_ instance: String? = nil) throws -> World.Reader {
    let reader = try world.reader(ConsumerOptions(group: group(), groupInstanceId: instance), waitMs: 10)
    try reader.subscribe([input])
    return reader
  }

  /// Waits until a member has been given its share, and takes it up.
  private func share(of reader: World.Reader) throws -> Int {
    var share: Int?
    try listen([reader]) {
      share != nil
    } heard: { _, word in
      if case .assigned(let count) = word {
        try reader.acceptAssignment(startingAt: [:])
        share = count
      }
    }
    guard let share else { throw Word.Missing() }
    return share
  }

  private func offsets(by writer: World.Writer, member: World.Reader?) throws -> String {
    try writer.begin()
    return answer {
      try writer.sendOffsets(
        [PartitionOffset(TopicPartition(input, 0), 4)], of: group(), member: member, timeoutMs: 10_000)
      try writer.commit()
    }
  }

  func takeOver() throws -> [String] {
    let first = try member()
    var lines = ["alone: \(try share(of: first))"]
    let writer = try writer("t")
    lines.append("a member commits: \(try offsets(by: writer, member: first))")
    let second = try member()
    var shares = [-1, -1]
    var wasAsked = false
    try listen([first, second]) {
      shares == [1, 1]
    } heard: { number, word in
      let reader = number == 0 ? first : second
      switch word {
      case .revoked(let count, let lost):
        lines.append("asked to give up \(count), lost: \(lost)")
        wasAsked = true
        try reader.acceptRevocation()
      case .assigned(let count):
        shares[number] = count
        try reader.acceptAssignment(startingAt: [:])
      }
    }
    lines.append("both: \(shares), asked: \(wasAsked)")
    _ = second.leave(timeoutMs: 5000)
    second.close(timeoutMs: 5000)
    // Who has left is no member.
    let late = try self.writer("late")
    try listen([first]) {
      shares[0] == 2
    } heard: { _, word in
      switch word {
      case .revoked: try first.acceptRevocation()
      case .assigned(let count):
        shares[0] = count
        try first.acceptAssignment(startingAt: [:])
      }
    }
    lines.append("alone again: \(shares[0])")
    lines.append("the one that is left commits: \(try offsets(by: late, member: first))")
    for writer in [writer, late] { writer.close(timeoutMs: 5000) }
    _ = first.leave(timeoutMs: 5000)
    first.close(timeoutMs: 5000)
    return lines
  }

  func staticMember() throws -> [String] {
    let first = try member("one")
    var lines = ["first: \(try share(of: first))"]
    let second = try member("one")
    lines.append("second: \(try share(of: second))")
    let endMs = world.monotonicMs() + 20_000
    var word = "nothing"
    while word == "nothing", world.monotonicMs() < endMs {
      do { _ = try first.poll(timeoutMs: 50) } catch { word = error.code }
    }
    lines.append("first hears \(word)")
    let writer = try writer("s")
    lines.append("second commits: \(try offsets(by: writer, member: second))")
    writer.close(timeoutMs: 5000)
    first.close(timeoutMs: 5000)
    _ = second.leave(timeoutMs: 5000)
    second.close(timeoutMs: 5000)
    return lines
  }

  func stranger() throws -> [String] {
    let member = try member()
    var lines = ["member: \(try share(of: member))"]
    let writer = try writer("x")
    lines.append("a stranger commits: \(try offsets(by: writer, member: nil))")
    writer.close(timeoutMs: 5000)
    _ = member.leave(timeoutMs: 5000)
    member.close(timeoutMs: 5000)
    lines.append("offsets: \(try committed(group(), timeoutMs: 10_000))")
    let next = try self.writer("x")
    lines.append("once nobody is there: \(try offsets(by: next, member: nil))")
    next.close(timeoutMs: 5000)
    return lines
  }
}
