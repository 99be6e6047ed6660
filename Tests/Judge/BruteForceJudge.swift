// The judge: a brute-force reading of the audience language.
//
// It keeps every event and recomputes every audience of a profile at every instant that could matter. It is written
// from the language page alone and shares no code with the engine, so that the two can be held against each other.
// It is slow on purpose; whoever doubts a rule reads it here beside the page.
//
// In scope: sections 1 to 6 of the page, as far as they say who is in which audience, when, and why.
// Out of scope: what a change carries besides, percentiles, `limits`, and identifiers of `context.traits`.
// The judge may know nothing of the project's other rooms, and of no library but the standard one.

/// Says, for a log of events, which changes of membership the definitions bring, and when.
public struct BruteForceJudge: Sendable {
  private let definitions: [Definition]
  private let traits: [ComputedTrait]
  private let policy: Policy
  private let taxonomy: Taxonomy
  private let partitions: Int
  private let untilMs: Int64?

  /// - Parameters:
  ///   - definitions: the audiences, in any order.
  ///   - traits: the computed traits.
  ///   - policy: what holds across audiences.
  ///   - taxonomy: the known events; `Page Viewed` and `Screen Viewed` are known besides.
  ///   - partitions: how many partitions the log is spread over, each with a clock of its own.
  ///   - untilMs: events later than this instant are left out, and the clocks go on to it at the end. Without it every
  ///     clock stays at its last event.
  public init(
    _ definitions: [Definition], traits: [ComputedTrait] = [], policy: Policy = Policy(), taxonomy: Taxonomy,
    partitions: Int = 1, untilMs: Int64? = nil
  ) {
    self.definitions = definitions
    self.traits = traits
    self.policy = policy
    self.taxonomy = taxonomy
    self.partitions = partitions
    self.untilMs = untilMs
  }

  /// Judges a log: its lines, in the order in which they came.
  ///
  /// Throws `OutOfScope` where audiences refer to one another in a circle, or to one that is not there.
  public func verdict(on lines: [String]) throws(OutOfScope) -> Verdict {
    var verdict = Verdict()
    let names = Names(taxonomy)
    let rulings = try Rulings(definitions, traits: traits, policy: policy, names: names)
    let reader = RecordReader(names: names)
    var spread = (0..<partitions).map { _ in Partition(rulings, names) }
    for line in lines {
      switch reader.read(line) {
      case .rejected(let code):
        verdict.rejected[code, default: 0] += 1
      case .skipped:
        verdict.skipped += 1
      case .record(let record):
        if let untilMs, record.timeMs > untilMs { continue }
        let place = partition(of: record.profile)
        spread[place].take(record, into: &verdict) { partition(of: $0) == place }
      }
    }
    if let untilMs {
      for place in spread.indices { spread[place].goOn(to: untilMs, into: &verdict) }
    }
    return verdict
  }

  private func partition(of profile: Text) -> Int { Murmur2.partition(of: profile.bytes, among: partitions) }
}

/// Definitions that the judge cannot judge.
public struct OutOfScope: Error, Equatable, CustomStringConvertible {
  /// What stands there.
  public let what: String

  /// What is wrong.
  public var description: String { "the judge does not judge \(what)" }
}
