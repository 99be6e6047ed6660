/// One leaf of an audience's condition as it is told to people: for a test that failed, or whoever asks why.
public struct LeafSentence: Sendable, Hashable {
  /// What must be true: `who had no Order Completed in the last 7 days`.
  public let text: String
  /// Whether the leaf's own answer must be yes for that: not under a `not`.
  public let isWanted: Bool
}

extension Project {
  /// The leaves of an audience's condition in words, in the order of the file. The plan's decisions about the audience
  /// are in the contrary order, one for each.
  public func leafSentences(of audience: AudienceDefinition) -> [LeafSentence] {
    let words = ConditionWords(traits: traits)
    return Statement(audience.condition).leaves.map { condition, isWanted in
      LeafSentence(text: words.leaf(condition, isWanted: isWanted).relative, isWanted: isWanted)
    }
  }
}
