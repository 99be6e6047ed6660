import Events

/// The sizes of audiences over time as a file for spreadsheets: a row an audience and instant.
enum SizesFile {
  /// Writes them at the ends of the steps from one instant to another, and at the last instant itself.
  static func write(
    _ log: SizeLog, keys: [String], from: Instant, to: Instant, stepMs: Int64, into file: inout OutputFile
  ) throws(Files.Problem) {
    try file.add(bytes: Array("instant,audience,members,controls\n".utf8))
    var walk = log.walk()
    var next = from.ms.dividedUp(by: stepMs) * stepMs
    while next < to.ms {
      walk.goOn(to: Instant(ms: next))
      try file.add(bytes: rows(walk, keys, at: Instant(ms: next)))
      let (following, overflow) = next.addingReportingOverflow(stepMs)
      if overflow { break }
      next = following
    }
    walk.goOn(to: nil)
    try file.add(bytes: rows(walk, keys, at: to))
    try file.flush()
  }

  private static func rows(_ walk: SizeLog.Walk, _ keys: [String], at instant: Instant) -> [UInt8] {
    var text = ""
    for (audience, key) in keys.enumerated() {
      text += "\(instant),\(field(key)),\(walk.members[audience]),\(walk.controls[audience])\n"
    }
    return Array(text.utf8)
  }

  /// A text as such files want it.
  static func field(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }
}
