/// One profile at one instant, as its audiences see it.
struct Moment {
  let nowMs: Int64
  let rulings: Rulings
  /// By the selection's number, the events that it leaves before its window cuts.
  let selected: [[Event]]
  /// What `identify` brought.
  let identified: [Text: HeldTrait]
  /// By place, whether the profile is eligible for the audiences evaluated so far.
  var isEligible: [Bool]

  func events(of selection: ReadySelection) -> [Event] {
    selection.left(of: selected[selection.number], at: nowMs)
  }

  /// A computed trait is evaluated at the instant it is asked for.
  func values(of source: TraitSource) -> [Value] {
    switch source {
    case .identified(let name): return identified[name]?.values ?? []
    case .computed(let place):
      switch rulings.traits[place] {
      case .measured(let selection): return selection.values(over: events(of: selection))
      case .difference(let left, let right):
        // Absent where either side is, and where it lies beyond 64 bits.
        guard let left = number(of: left), let right = number(of: right) else { return [] }
        return Millionths.fitting(Int128(left) - Int128(right)).map { [.number($0)] } ?? []
      case .ratio(let left, let right):
        guard let left = number(of: left), let right = number(of: right) else { return [] }
        return Millionths.quotient(left, over: right).map { [.number($0)] } ?? []
      }
    }
  }

  /// The one number that a side of `minus` or `over` comes to; where there are several or none, it is absent.
  private func number(of source: TraitSource) -> Int64? {
    let numbers = values(of: source).compactMap(\.asNumber)
    return numbers.count == 1 ? numbers[0] : nil
  }
}

/// A trait's value as `identify` brought it, a removal too.
struct HeldTrait {
  let timeMs: Int64
  /// Nothing where it was removed.
  let values: [Value]
}

/// The instants at which time alone could change something: every one of them, and more than that.
extension Moment {
  static func dueInstants(
    _ rulings: Rulings, selected: [[Event]], identified: [Text: HeldTrait]
  ) -> Set<Int64> {
    var instants = Set(rulings.fixedInstantsMs)
    for selection in rulings.selections {
      for boundMs in selection.window?.boundsMs ?? [] {
        for event in selected[selection.number] { instants.insert(event.timeMs + boundMs) }
      }
    }
    for (source, offsetsMs) in rulings.timeTraits {
      for instantMs in times(of: source, rulings, selected, identified) {
        for offsetMs in offsetsMs { instants.insert(instantMs + offsetMs) }
      }
    }
    return instants
  }

  /// All times that a trait may come to hold before anything else happens.
  private static func times(
    of source: TraitSource, _ rulings: Rulings, _ selected: [[Event]], _ identified: [Text: HeldTrait]
  ) -> [Int64] {
    switch source {
    case .identified(let name): return identified[name]?.values.compactMap(\.asTimeMs) ?? []
    case .computed(let place):
      guard case .measured(let selection) = rulings.traits[place] else { return [] }
      let events = selected[selection.number]
      return events.map(\.timeMs) + events.flatMap { $0.roles[selection.number].values.compactMap(\.asTimeMs) }
    }
  }
}
