/// How many people are in two audiences at once, for every two of them.
struct Overlaps {
  /// Two audiences by their numbers, and how many are in both.
  struct Pair: Equatable {
    let first: Int
    let second: Int
    let people: Int
  }

  /// Those with anybody in both, the largest first.
  let pairs: [Pair]
  /// For each audience, how many are in it.
  let members: [Int]

  init(_ people: PeopleBook, audiences: Int) {
    var counts = Array(repeating: 0, count: audiences * audiences)
    people.forEach { row in
      let bits = row.setBits
      for (index, first) in bits.enumerated() {
        for second in bits[index...] { counts[first * audiences + second] += 1 }
      }
    }
    members = (0..<audiences).map { counts[$0 * audiences + $0] }
    var pairs: [Pair] = []
    for first in 0..<audiences {
      for second in first + 1..<max(audiences, first + 1) where counts[first * audiences + second] > 0 {
        pairs.append(Pair(first: first, second: second, people: counts[first * audiences + second]))
      }
    }
    self.pairs = pairs.sorted { ($1.people, $0.first, $0.second) < ($0.people, $1.first, $1.second) }
  }

  /// What part of an audience the people of a pair are.
  func share(_ pair: Pair, of audience: Int) -> Double { Double(pair.people) / Double(max(1, members[audience])) }
}
