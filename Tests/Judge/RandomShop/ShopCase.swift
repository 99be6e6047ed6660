/// Definitions, a taxonomy and a log to judge, with the texts that an engine reads.
public struct ShopCase: Sendable {
  /// What it was drawn from, for the report.
  public var seed: UInt64
  /// The known events.
  public var taxonomy: Taxonomy
  /// The audiences.
  public var definitions: [Definition]
  /// The computed traits.
  public var traits: [ComputedTrait]
  /// What holds across audiences.
  public var policy: Policy
  /// The log, line by line.
  public var lines: [String]
  /// How many partitions the log is spread over.
  public var partitions: Int
  /// The instant up to which the log is judged; without it, up to its last event.
  public var untilMs: Int64?

  /// A case of these parts.
  public init(
    seed: UInt64 = 0, taxonomy: Taxonomy, definitions: [Definition], traits: [ComputedTrait] = [],
    policy: Policy = Policy(), lines: [String], partitions: Int = 1, untilMs: Int64? = nil
  ) {
    self.seed = seed
    self.taxonomy = taxonomy
    self.definitions = definitions
    self.traits = traits
    self.policy = policy
    self.lines = lines
    self.partitions = partitions
    self.untilMs = untilMs
  }

  /// The project's files by their path: the taxonomy, one file an audience, and where there are any, the computed traits
  /// and the policy.
  public var files: [String: String] {
    var files = ["topics/taxonomy.yaml": taxonomy.yaml]
    for definition in definitions { files["ops/audiences/\(definition.key).yaml"] = definition.yaml }
    if !traits.isEmpty { files["ops/traits.yaml"] = traits.yaml }
    if policy != Policy() { files["ops/policy.yaml"] = policy.yaml }
    return files
  }

  /// The log as newline-delimited JSON.
  public var events: String { lines.map { $0 + "\n" }.joined() }

  /// What the log comes to. Throws `OutOfScope` where audiences refer to one another in a circle, or to one that
  /// is not there.
  public func verdict() throws(OutOfScope) -> Verdict {
    let judge = BruteForceJudge(
      definitions, traits: traits, policy: policy, taxonomy: taxonomy, partitions: partitions, untilMs: untilMs)
    return try judge.verdict(on: lines)
  }
}
