import Audiences

/// The audiences of two sets of definitions, each once: first in the order of this one, then those of the other alone.
struct ComparedAudiences {
  /// One of two sets of definitions.
  enum Side: Int, CaseIterable {
    /// The project that is asked.
    case here
    /// The one that it is compared with.
    case there

    var other: Side { self == .here ? .there : .here }
  }

  let keys: [String]
  /// For each side and audience of its plan, the number here.
  let numbers: [[Int]]
  /// For each side and audience here, its number in that side's plan.
  let planned: [[Int?]]

  init(_ here: Plan, _ there: Plan) {
    let both = [here, there].map { $0.audiences.map(\.definition.key) }
    var keys = both[0]
    keys += both[1].filter { !keys.contains($0) }
    self.keys = keys
    numbers = both.map { side in side.map { key in keys.firstIndex(of: key) ?? 0 } }
    planned = both.map { side in keys.map { key in side.firstIndex(of: key) } }
  }

  /// The side that alone has an audience; `nil` where both have it.
  func onlySide(of audience: Int) -> Side? {
    Side.allCases.first { planned[$0.other.rawValue][audience] == nil }
  }
}
