// The judge: a brute-force reading of the audience language.
//
// It keeps every event and recomputes every audience of a profile at every instant that could matter. It is written
// from the language page alone and shares no code with the engine, so that the two can be held against each other.
// It is slow on purpose; whoever doubts a rule reads it here beside the page.
//
// In scope: the taxonomy (aliases, `unique`, folding of names), events and time, the clock, `all`, `any`, `not`, and
// event leaves with `where`, `since`, `pick`, `having`, a window and a measure (count, sum, min, max).
// Out of scope: merges, deletions, `limits`, traits, references to audiences, and everything of an audience but `when`.
// The judge may know nothing of the project's other rooms, and of no library but the standard one.

/// Says, for a log of events, which changes of membership the definitions bring, and when.
public struct BruteForceJudge: Sendable {
  let names: Names
  let partitions: Int
  let untilMs: Int64?
  let rulings: Rulings

  /// - Parameters:
  ///   - definitions: the audiences, in any order.
  ///   - taxonomy: the known events; `Page Viewed` and `Screen Viewed` are known besides.
  ///   - partitions: how many partitions the log is spread over, each with a clock of its own.
  ///   - untilMs: events later than this instant are left out, and the clocks go on to it at the end. Without it every
  ///     clock stays at its last event.
  public init(_ definitions: [Definition], taxonomy: Taxonomy, partitions: Int = 1, untilMs: Int64? = nil) {
    self.partitions = partitions
    self.untilMs = untilMs
    names = Names(taxonomy)
    rulings = Rulings(definitions, names: names)
  }

  /// Judges a log: its lines, in the order in which they came.
  ///
  /// Throws `OutOfScope` where a line is a merge or a deletion.
  public func verdict(on lines: [String]) throws(OutOfScope) -> Verdict {
    var verdict = Verdict()
    var spread = [Partition](repeating: Partition(), count: partitions)
    for (number, line) in lines.enumerated() {
      switch try RecordReader(names: names).read(line, number: number + 1) {
      case .rejected(let code):
        verdict.rejected[code, default: 0] += 1
      case .skipped:
        verdict.skipped += 1
      case .record(let record):
        if let untilMs, record.timeMs > untilMs { continue }
        let partition = Murmur2.partition(of: record.profile.bytes, among: partitions)
        spread[partition].take(record, arrival: number, rulings: rulings, names: names, into: &verdict)
      }
    }
    if let untilMs {
      for partition in spread.indices {
        spread[partition].goOn(to: untilMs, rulings: rulings, into: &verdict)
      }
    }
    return verdict
  }
}

/// A record that the judge does not know how to judge: a merge or a deletion.
public struct OutOfScope: Error, Equatable, CustomStringConvertible {
  /// The line's number, from 1.
  public let line: Int
  /// What stands there.
  public let what: String

  /// What, and where.
  public var description: String { "line \(line): the judge does not judge \(what)" }
}
