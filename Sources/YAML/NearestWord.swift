/// Finds what somebody meant to write.
public enum NearestWord {
  /// The candidate nearest to a word, or nil where none is near enough to be meant.
  ///
  /// Nearness is the number of letters to insert, leave out, replace, or swap with their neighbour; case does not
  /// count. One third of the word's letters may be wrong, and one always may. Of equally near ones the first wins.
  public static func of(_ word: String, among candidates: some Sequence<String>) -> String? {
    let letters = folded(word)
    guard !letters.isEmpty, letters.count <= longest else { return nil }
    var best: (word: String, distance: Int)?
    for candidate in candidates where candidate != word {
      let other = folded(candidate)
      let allowed = max(1, max(letters.count, other.count) / 3)
      let bound = min(allowed, best.map { $0.distance - 1 } ?? allowed)
      guard bound >= 0, other.count <= longest, abs(letters.count - other.count) <= bound else { continue }
      let distance = distance(letters, other)
      if distance <= bound, distance < max(letters.count, other.count) { best = (candidate, distance) }
    }
    return best?.word
  }

  private static let longest = 64

  private static func folded(_ word: String) -> [Unicode.Scalar] {
    Array(word.lowercased().unicodeScalars.prefix(longest + 1))
  }

  /// The optimal string alignment distance, by three rows of its table.
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        let replaced = last[column] + (letter == other ? 0 : 1)
        var least = min(replaced, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          least = min(least, beforeLast[column - 1] + 1)
        }
        current.append(least)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
