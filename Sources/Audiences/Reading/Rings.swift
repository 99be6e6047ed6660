/// Finds where references between named things lead back to where they began.
enum Rings {
  /// A reference that closes a ring.
  struct Ring {
    /// Who refers.
    let from: String
    /// To whom.
    let to: String
    /// The whole way from `to` back to `to`: `a → b → a`.
    let inWords: String
  }

  /// A thing on the way, and which of its references is looked at next.
  private struct Step {
    let name: String
    var next = 0
  }

  /// A ring for each reference that closes one: without these references there would be none.
  ///
  /// - Parameter references: to whom each refers, by name. Names without references of their own may be left out.
  static func find(_ references: [String: [String]]) -> [Ring] {
    let references = references.mapValues(eachOnce)
    var rings: [Ring] = []
    var finished: Set<String> = []
    for start in references.keys.sorted() where !finished.contains(start) {
      var way = [Step(name: start)]
      var places = [start: 0]
      while let last = way.indices.last {
        let targets = references[way[last].name] ?? []
        guard way[last].next < targets.count else {
          let done = way.removeLast().name
          places[done] = nil
          finished.insert(done)
          continue
        }
        let target = targets[way[last].next]
        way[last].next += 1
        if let place = places[target] {
          let inWords = inWords(way[place...]) + " → " + target
          rings.append(Ring(from: way[last].name, to: target, inWords: inWords))
        } else if !finished.contains(target) {
          places[target] = way.count
          way.append(Step(name: target))
        }
      }
    }
    return rings
  }

  private static func eachOnce(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  /// A way that a person can read: a very long one without its middle.
  private static func inWords(_ way: ArraySlice<Step>) -> String {
    let names = way.count <= 20 ? way.map(\.name) : way.prefix(10).map(\.name) + ["…"] + way.suffix(5).map(\.name)
    return names.joined(separator: " → ")
  }
}
