/// Draws how audiences behave in time and among each other.
extension World {
  /// Settings that interact: spells of a few steps, instants in the middle of the log.
  func giveSettings(to definition: inout Definition, beside keys: [String], _ dice: inout Dice) {
    if forms.contains(.spells) {
      if dice.percent(35) { definition.holdFor = Span(Int64(dice.from(1...4)), unit) }
      if dice.percent(35) { definition.stayAtMost = Span(Int64(dice.from(1...6)), unit) }
      if dice.percent(35) { definition.rejoinAfter = Span(Int64(dice.from(1...6)), unit) }
      if dice.percent(8) { definition.retireOnMs = someInstant(&dice) }
    }
    if forms.contains(.suppression) {
      if dice.percent(80) { definition.purpose = dice.pick(Purpose.allCases) }
      let others = keys.filter { $0 != definition.key }
      if dice.percent(30) { definition.unless = dice.several(dice.weighted([(3, 1), (1, 2)]), of: others) }
    }
    if forms.contains(.identifiers) { definition.isToldToAds = dice.percent(60) }
    if forms.contains(.holdouts), dice.percent(30) {
      definition.holdout = Holdout(
        percent: dice.pick([0, 30, 50, 100]), salt: dice.pick(["s1", "cart-2026q4", "7"]),
        untilMs: dice.percent(60) ? someInstant(&dice) : nil)
      if dice.percent(15) { definition.holdout?.percentMillionths = 33_330_000 }
    }
  }

  private func someInstant(_ dice: inout Dice) -> Int64 { startMs + Int64(dice.from(3...60)) * stepMs }

  /// A policy over audiences. None that suppresses has a purpose that is suppressed: it would suppress itself.
  func policy(over definitions: [Definition], _ dice: inout Dice) -> Policy {
    var policy = Policy()
    if forms.contains(.suppression), dice.percent(50) {
      let purposes = dice.several(dice.from(1...2), of: [Purpose.retarget, .seed, .measure])
      let suppressors = definitions.filter { definition in
        definition.purpose.map { $0 == .suppress || !purposes.contains($0) } ?? true
      }
      if !suppressors.isEmpty {
        policy.suppressedPurposes = purposes
        policy.suppressors = dice.several(dice.from(1...2), of: suppressors.map(\.key))
      }
    }
    if forms.contains(.groups) {
      var keys = dice.shuffled(definitions.map(\.key))
      for name in ["g1", "g2"] where keys.count > 1 && dice.percent(45) {
        let size = dice.from(2...3)
        policy.groups.append(Policy.Group(name, Array(keys.prefix(size))))
        keys = Array(keys.dropFirst(size))
      }
    }
    if forms.contains(.identifiers), dice.percent(50) { policy.region = "US" }
    return policy
  }
}
