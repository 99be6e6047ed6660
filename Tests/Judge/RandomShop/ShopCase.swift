/// Definitions, a taxonomy and a log to judge, with the texts that an engine reads.
public struct ShopCase: Sendable {
  /// What it was drawn from, for the report.
  public var seed: UInt64
  /// The known events.
  public var taxonomy: Taxonomy
  /// The audiences.
  public var definitions: [Definition]
  /// The log, line by line.
  public var lines: [String]
  /// How many partitions the log is spread over.
  public var partitions: Int
  /// The instant up to which the log is judged; without it, up to its last event.
  public var untilMs: Int64?

  /// A case of these parts.
  public init(
    seed: UInt64 = 0, taxonomy: Taxonomy, definitions: [Definition], lines: [String], partitions: Int = 1,
    untilMs: Int64? = nil
  ) {
    self.seed = seed
    self.taxonomy = taxonomy
    self.definitions = definitions
    self.lines = lines
    self.partitions = partitions
    self.untilMs = untilMs
  }

  /// The project's files by their path: the taxonomy and one file an audience.
  public var files: [String: String] {
    var files = ["topics/taxonomy.yaml": taxonomy.yaml]
    for definition in definitions { files["ops/audiences/\(definition.key).yaml"] = definition.yaml }
    return files
  }

  /// The log as newline-delimited JSON.
  public var events: String { lines.map { $0 + "\n" }.joined() }

  /// What the log comes to. Throws `OutOfScope` where a line is a merge or a deletion.
  public func verdict() throws(OutOfScope) -> Verdict {
    let judge = BruteForceJudge(definitions, taxonomy: taxonomy, partitions: partitions, untilMs: untilMs)
    return try judge.verdict(on: lines)
  }
}
