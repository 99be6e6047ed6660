import Audiences
import Engine
import Events
import Judge

/// A random shop whose definitions change once or twice, run through a task, with what is to be said of it.
struct SuccessionRun {
  let shops: [ShopCase]
  let task: SuccessionTask
  let finishAtMs: Int64
  private let references: [UndisturbedRun]

  init(seed: UInt64, isLogWhole: Bool) throws {
    var chance = Chance(state: seed ^ 0x5CCE_5510)
    // Where the log's begin is gone, nobody knows any more what was stated there: not even of what did not change.
    let all = isLogWhole ? Forms.all : .all.subtracting(.identifiers)
    let forms: Forms = seed % 8 < 2 ? [.spells, .suppression, .groups] : all
    let first = RandomShop.draw(seed: seed, forms: forms)
    var shops = [first]
    var readers = [try SuccessionReader(files: first.files)]
    for change in 0..<(1 + chance.below(2)) {
      let next = RandomShop.successor(of: first, forms: forms, seed: seed &* 31 &+ UInt64(change))
      // What does not read, such as a condition on a trait that has another type by now, is left out.
      guard let reader = try? SuccessionReader(files: next.files) else { continue }
      shops.append(next)
      readers.append(reader)
    }
    let lines = first.lines
    self.shops = shops
    let logStart = isLogWhole ? 0 : chance.below(lines.count)
    task = SuccessionTask(readers, lines, logStart: logStart, isPaged: chance.below(2) == 0, chance: chance)
    var turns = (1..<readers.count).map { _ in logStart + chance.below(lines.count - logStart) }.sorted()
    var next = 1
    while task.done < lines.count || !turns.isEmpty {
      if let turn = turns.first, task.done >= turn {
        turns.removeFirst()
        task.changeDefinitions(to: next)
        next += 1
      } else {
        task.step()
      }
    }
    let clockMs = task.committed.clock.ms
    let finishAtMs = first.untilMs.map { max($0, clockMs) } ?? clockMs
    task.finish(atMs: finishAtMs)
    self.finishAtMs = max(finishAtMs, task.committed.clock.ms)
    references = readers.map { $0.undisturbed(lines, finishAtMs: finishAtMs) }
  }

  private var changes: [ToldChange] { task.committed.changes }

  /// For the report.
  var story: String {
    let adoptions = task.committed.adoptions.map { adoption in
      let kind = adoption.needsLog ? "filled" : "at once"
      return """
        from \(adoption.from) to \(adoption.to) before record \(adoption.done), at \(adoption.clockMs), \(kind), \
        changes \(adoption.changes), left for later: \(deferred(adoption).sorted())
        """
    }
    return (adoptions + changes.map(\.description)).joined(separator: "\n")
  }

  /// What is wrong with the changes whatever the definitions are: of each profile in each audience they take turns, and
  /// are counted without a gap.
  var faults: [String] {
    var faults: [String] = []
    var statuses = ToldStatuses([])
    var counts: [String: Int] = [:]
    let mayRestart = task.lines.contains { $0.contains("\"delete\"") }
    for change in changes {
      let isOut = statuses[change.place] == .out
      if change.isOfSome {
        if statuses[change.place] != .in { faults.append("out of turn: \(change)") }
      }
      let isBegin = change.kind == .entered || change.kind == .heldOut
      let isKind = change.kind == .exited ? statuses[change.place] == .in : statuses[change.place] == .control
      if !change.isOfSome, isBegin ? !isOut : !isKind { faults.append("out of turn: \(change)") }
      if change.seq != counts[change.place, default: 0] + 1, !(mayRestart && change.seq == 1) {
        faults.append("counted wrongly: \(change)")
      }
      counts[change.place] = change.seq
      statuses.take(change)
    }
    return faults
  }

  /// What differs from runs of one plan each: before a change the changes are those of the former definitions, at it they
  /// are the differences, and from then on they are those of the next.
  var faultsAgainstReferences: [String] {
    var faults: [String] = []
    var from = 0
    var since = (done: 0, clockMs: Int64.min, deferred: Set<String>())
    for adoption in task.committed.adoptions {
      faults += difference(
        changes[from..<adoption.changes.lowerBound], references[adoption.from].changes, since, until: adoption.done)
      let before = ToldStatuses(references[adoption.from].changes.filter { $0.record < adoption.done })
      let after = ToldStatuses(references[adoption.to].changes.filter { $0.record < adoption.done })
      var deferred = self.deferred(adoption)
      if since.clockMs == adoption.clockMs { deferred.formUnion(since.deferred) }
      let told = changes[adoption.changes].filter { !deferred.contains($0.profile) }
      let expected = before.changes(to: after, without: deferred)
      let given = Dictionary(grouping: told.filter { !$0.isOfSome }, by: \.place).mapValues { $0.map(\.kind) }
      // Where identifiers are read anew, everybody may be told of again.
      let ofSome = told.filter { $0.isOfSome && $0.kind != .updated }.map { "\($0.place) \($0.kind)" }.sorted()
      let expectedOfSome = ofSomeExpected(at: adoption, before).filter { !deferred.contains($0.profile) }
      if ofSome != expectedOfSome.map(\.text).sorted() {
        faults.append("at record \(adoption.done): of some expected \(expectedOfSome.map(\.text)), told \(ofSome)")
      }
      if expected != given { faults.append("at record \(adoption.done): expected \(expected), told \(given)") }
      for change in changes[adoption.changes] where change.reason != "definition" || change.atMs != adoption.clockMs {
        faults.append("told at a change of definitions: \(change)")
      }
      from = adoption.changes.upperBound
      since = (adoption.done, adoption.clockMs, deferred)
    }
    let last = task.committed.adoptions.last?.to ?? 0
    return faults + difference(changes[from...], references[last].changes, since, until: .max)
  }

  /// What an ad platform is told that comes to be told of an audience, or is told no longer.
  private func ofSomeExpected(
    at adoption: SuccessionTask.Adoption, _ before: ToldStatuses
  ) -> [(profile: String, text: String)] {
    before.statuses.compactMap { place, status in
      let parts = place.split(separator: " ", omittingEmptySubsequences: false)
      let (profile, key) = (parts.dropLast().joined(separator: " "), String(parts.last ?? ""))
      func isTold(_ shop: Int) -> Bool? { shops[shop].definitions.first { $0.key == key }?.isToldToAds }
      guard let was = isTold(adoption.from), let isNow = isTold(adoption.to), was != isNow else { return nil }
      // Ad platforms know nothing of controls.
      return status == .in ? (profile, "\(place) \(isNow ? "entered" : "exited")") : nil
    }
  }

  /// Those to whom something happens at the very instant of a change of definitions.
  func deferred(_ adoption: SuccessionTask.Adoption) -> Set<String> {
    if adoption.done == 0 { return [] }
    return references[adoption.from].due[adoption.done - 1].union(references[adoption.to].due[adoption.done - 1])
  }

  /// What is due at the very instant of a change is told after it, as the next definitions have it.
  private func difference(
    _ told: ArraySlice<ToldChange>, _ reference: [ToldChange],
    _ since: (done: Int, clockMs: Int64, deferred: Set<String>), until end: Int
  ) -> [String] {
    func comparable(_ changes: some Sequence<ToldChange>) -> [String] {
      changes.filter { $0.atMs > since.clockMs || !since.deferred.contains($0.profile) }.enumerated().sorted {
        ($0.element.atMs, $0.element.profile, $0.offset) < ($1.element.atMs, $1.element.profile, $1.offset)
      }.map(\.element.text)
    }
    let expected = comparable(reference.filter { $0.record >= since.done && $0.record < end })
    let given = comparable(told)
    if expected == given { return [] }
    let both = zip(expected, given).prefix { $0 == $1 }.count
    return [
      """
      after record \(since.done), change \(both): expected \(expected.dropFirst(both).first ?? "none"), \
      told \(given.dropFirst(both).first ?? "none")
      """
    ]
  }

  /// In the end everybody is in what the definitions say over all events, by brute force.
  var faultsAgainstJudge: [String] {
    get throws {
      var shop = shops[task.committed.adoptions.last?.to ?? 0]
      (shop.partitions, shop.untilMs) = (1, finishAtMs)
      var judged: [String: AudienceStatus] = [:]
      for change in try shop.verdict().changes {
        switch change.kind {
        case .entered: judged["\(change.profile) \(change.audience)"] = .in
        case .heldOut: judged["\(change.profile) \(change.audience)"] = .control
        case .exited, .holdoutEnded: judged["\(change.profile) \(change.audience)"] = nil
        case .updated: break
        }
      }
      let told = ToldStatuses(changes).statuses
      return judged == told ? [] : ["in the end expected \(judged), told \(told)"]
    }
  }

  // MARK: What did not change

  /// The keys of audiences that both plans have with all that decides who is in.
  func unchanged(from: Int, to: Int) -> Set<String> {
    let known = task.dictionaries[from].audiences
    let plan = task.readers[to].plan
    var unchanged = task.dictionaries[to].audiences.map { audience in
      known.contains {
        $0.key == audience.key && $0.logic == audience.logic && $0.retireOn == audience.retireOn
          && $0.arbitration == audience.arbitration
      }
    }
    for number in plan.audiences.indices where !unchanged[number] {
      for dependent in plan.audiences[number].dependents { unchanged[dependent] = false }
    }
    return Set(plan.audiences.indices.filter { unchanged[$0] }.map { plan.audiences[$0].definition.key })
  }

  /// What differs from a run of the first plan, in audiences that no plan has changed, nor any that suppresses them or
  /// comes before them in a group.
  var faultsOfUnchanged: [String] {
    var kept: Set<String> = Set(task.dictionaries[0].audiences.map(\.key))
    for adoption in task.committed.adoptions { kept.formIntersection(unchanged(from: adoption.from, to: adoption.to)) }
    // Cells whose events are read in another way have what is left of the log.
    for adoption in task.committed.adoptions {
      let known = Set(task.dictionaries[adoption.from].cells.map(\.meaning))
      let plan = task.readers[adoption.to].plan
      for number in plan.audiences.indices
      where !plan.cells(ofAudience: number).allSatisfy({
        known.contains(task.dictionaries[adoption.to].cells[$0].meaning)
      }) {
        kept.remove(plan.audiences[number].definition.key)
      }
    }
    let plan = task.readers[0].plan
    for (number, audience) in plan.audiences.enumerated() {
      let others =
        audience.suppressors + audience.superiors + audience.superiors.flatMap { plan.audiences[$0].suppressors }
      if !others.allSatisfy({ kept.contains(plan.audiences[$0].definition.key) }) {
        kept.remove(plan.audiences[number].definition.key)
      }
    }
    func text(_ changes: [ToldChange]) -> [String] {
      changes.filter { kept.contains($0.key) }.enumerated().sorted {
        ($0.element.atMs, $0.element.profile, $0.offset) < ($1.element.atMs, $1.element.profile, $1.offset)
      }.map { "\($0.element.text) \($0.element.seq) \($0.element.enteredAtMs)" }
    }
    let (expected, given) = (text(references[0].changes), text(changes))
    if expected == given { return [] }
    let both = zip(expected, given).prefix { $0 == $1 }.count
    return [
      """
      undisturbed, change \(both): expected \(expected.dropFirst(both).first ?? "none"), \
      told \(given.dropFirst(both).first ?? "none")
      """
    ]
  }
}

extension Plan {
  /// The cells that an audience's condition is read from, and those of the audiences that it asks for.
  fileprivate func cells(ofAudience number: Int) -> Set<Int> {
    audiences[number].decisions.reduce(into: []) { found, decision in
      switch decision.asks {
      case .audience(let other): found.formUnion(cells(ofAudience: other))
      case .leaf(let leaf):
        switch leaves[leaf].question {
        case .plain(let reading, _): found.formUnion([reading.cell, reading.since].compactMap { $0 })
        case .story(let reading, _): found.formUnion([reading.cell, reading.since].compactMap { $0 })
        case .trait(let trait, _): found.formUnion(traits[trait].cells)
        }
      }
    }
  }
}
