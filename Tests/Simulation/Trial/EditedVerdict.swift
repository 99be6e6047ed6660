import Audiences
import Events
import Kafka
import ProfileStore

/// What readers of the changes see where definitions were changed meanwhile: before each change what the former ones say,
/// at it the differences, and from then on what the next ones say. The changelog tells when that was.
struct EditedVerdict {
  private let trial: Trial
  private let partitions: Int

  /// Definitions that came into force in a partition.
  private struct Segment {
    let shop: Int
    /// After so many records, and when it was.
    let since: Int64
    let clock: Instant

    func isSamePoint(as other: Segment) -> Bool { since == other.since && clock == other.clock }
  }

  init(_ trial: Trial) {
    self.trial = trial
    partitions = trial.options.partitions
  }

  /// What is wrong; nil where nothing is.
  /// - Parameter clocks: where the partitions' clocks stand in the end, if there is a wall clock.
  func problem(atEnd clocks: [Instant]) -> String? {
    let seen = trial.world.cluster.committed("audience.warehouse").compactMap {
      SeenChange(String(decoding: $0.value ?? [], as: UTF8.self))
    }
    if let problem = turnsProblem(seen, CountedForAds(trial.world.cluster)) { return problem }
    if trial.options.hasWallClock { return endProblem(seen, clocks) }
    for partition in 0..<partitions {
      if let problem = problem(of: partition, seen.filter { $0.partition == partition }) {
        let story = segments(of: partition).map { "definitions \($0.shop) after \($0.since) records, at \($0.clock)" }
        return "partition \(partition), \(story.joined(separator: ", ")): \(problem)"
      }
    }
    return nil
  }

  /// Where time goes on by itself, what was told when is not to be known; but in the end everybody stands as if the last
  /// definitions had been there from the start.
  private func endProblem(_ seen: [SeenChange], _ clocks: [Instant]) -> String? {
    let found = statuses(seen)
    let expected = standings(after: trial.shops[trial.shops.count - 1].backtest(clocks: clocks))
    for place in Set(found.keys).union(expected.keys).sorted() where found[place] != expected[place] {
      return """
        in the end, \(place) is '\(found[place] ?? "out")', and not '\(expected[place] ?? "out")'
        \(listing(of: place, seen))
        """
    }
    return nil
  }

  private func problem(of partition: Int, _ seen: [SeenChange]) -> String? {
    let segments = segments(of: partition)
    guard let last = segments.last else { return seen.isEmpty ? nil : "changes, but no state" }
    let records = trial.world.cluster.log(TopicPartition(Trial.input, Int32(partition))).entries.map(\.value)
    // Whoever had it last may have had former definitions.
    if records.isEmpty { return seen.isEmpty ? nil : "changes, but no records" }
    if let problem = orderProblem(segments) { return problem }
    guard last.shop == trial.shops.count - 1 || trial.isLike(last.shop, trial.shops.count - 1) else {
      return "definitions \(last.shop) are in force in the end"
    }
    let marks = Set(segments.dropFirst().map(\.since))
    let references = trial.shops.map {
      PartitionReference($0.plan, records, partitions: partitions, marks: marks)
    }
    // Audiences that are retired give the same reason. Only at the very instant of a change of definitions can the two be
    // taken for each other, and then the former definitions say it.
    let retired = Set(segments.flatMap { references[$0.shop].changes }.filter { $0.reason == "definition" }.map(\.told))
    func isDifference(_ change: SeenChange, _ next: Segment) -> Bool {
      change.reason == "definition" && change.offset == max(0, next.since - 1) && change.at == "\(next.clock)"
        && !retired.contains(change.told)
    }
    var deferred: Set<String> = []
    for (index, segment) in segments.enumerated() {
      let next = index + 1 < segments.count ? segments[index + 1] : nil
      let own = seen.filter { change in
        change.offset >= segment.since && change.offset < next?.since ?? .max
          && !segments.dropFirst().contains { isDifference(change, $0) }
      }
      let reference = references[segment.shop]
      let expected = reference.changes.filter { $0.offset >= segment.since && $0.offset < next?.since ?? .max }
      if let problem = difference(own, expected, segment, deferred) { return "under \(segment.shop): \(problem)" }
      guard let next else { break }
      let due = (reference.due[next.since] ?? []).union(references[next.shop].due[next.since] ?? [])
      deferred = segment.clock == next.clock && index > 0 ? deferred.union(due) : due
      // Definitions may come into force one after the other at the same point: only all together can be looked at.
      if index > 0, segment.isSamePoint(as: next) { continue }
      let last = segments[(index + 1)...].prefix { $0.isSamePoint(as: next) }
      let standings = ([segment] + last).map { statuses(references[$0.shop].changes.filter { $0.offset < next.since }) }
      let told = seen.filter { isDifference($0, next) }
      let all = last.reduce(deferred) { $0.union(references[$1.shop].due[next.since] ?? []) }
      if let problem = adoptionProblem(told, standings, without: all) {
        return "from \(segment.shop) to \(last.map(\.shop)) after \(next.since) records: \(problem)"
      }
    }
    return nil
  }

  /// Definitions that came later do not give way to those of before, whoever has the partition.
  private func orderProblem(_ segments: [Segment]) -> String? {
    var place = 0
    for segment in segments {
      guard let next = trial.shops.indices[place...].first(where: { trial.isLike($0, segment.shop) }) else {
        return "definitions \(segment.shop) come back"
      }
      place = next
    }
    return nil
  }

  private func difference(
    _ seen: [SeenChange], _ expected: [SeenChange], _ segment: Segment, _ deferred: Set<String>
  ) -> String? {
    // What is due at the very instant of a change is told after it, as the next definitions have it.
    func texts(_ changes: [SeenChange]) -> [String: [String]] {
      let kept = changes.filter { !deferred.contains($0.profile) || $0.at > "\(segment.clock)" }
      return Dictionary(grouping: kept, by: \.profile).mapValues { $0.map(\.text) }
    }
    let (seen, expected) = (texts(seen), texts(expected))
    for profile in Set(seen.keys).union(expected.keys).sorted() {
      let (seen, expected) = (seen[profile] ?? [], expected[profile] ?? [])
      if seen == expected { continue }
      let same = zip(seen, expected).prefix { $0 == $1 }.count
      return """
        of \(profile), change \(same + 1)
        found:    \(same < seen.count ? seen[same] : "nothing")
        expected: \(same < expected.count ? expected[same] : "nothing")
        """
    }
    return nil
  }

  /// - Parameter statuses: how everybody stands under the definitions of before, and under those that come into force.
  private func adoptionProblem(
    _ told: [SeenChange], _ statuses: [[String: String]], without deferred: Set<String>
  ) -> String? {
    var kinds: [String: [String]] = [:]
    for change in told { kinds[change.place, default: []].append(change.kind) }
    for place in Set(statuses.flatMap(\.keys)).union(kinds.keys).sorted() {
      if deferred.contains(String(place.prefix { $0 != " " })) { continue }
      var expected: [String] = []
      for (before, after) in zip(statuses, statuses.dropFirst()) where before[place] != after[place] {
        if let former = before[place] { expected.append(former == "entered" ? "exited" : "holdout_ended") }
        if let next = after[place] { expected.append(next) }
      }
      if kinds[place, default: []] != expected {
        return "of \(place), \(kinds[place, default: []]) was told and not \(expected)"
      }
    }
    return nil
  }

  /// How each began who is in something, by place.
  private func statuses(_ changes: [SeenChange]) -> [String: String] {
    var statuses: [String: String] = [:]
    for change in changes { statuses[change.place] = change.isBegin ? change.kind : nil }
    return statuses
  }

  /// Whatever the definitions are: changes of a profile in an audience take turns, and are counted without a gap, those
  /// among them that only ad platforms are told of.
  private func turnsProblem(_ seen: [SeenChange], _ ads: CountedForAds) -> String? {
    var last: [String: SeenChange] = [:]
    for change in seen {
      let former = last[change.place]
      let isInTurn = change.isBegin ? former?.isBegin ?? false == false : former?.isBegin ?? false
      let isCounted =
        ads.fillGap(after: former?.seq ?? 0, before: change)
        || trial.hasErasures && ads.fillGap(after: 0, before: change)
      if !isInTurn || !isCounted {
        let story = segments(of: change.partition).map { "definitions \($0.shop) after \($0.since) records" }
        return """
          of \(change.place), with \(story.joined(separator: ", "))
          \(listing(of: change.place, seen))
          """
      }
      last[change.place] = change
    }
    return nil
  }

  private func listing(of place: String, _ seen: [SeenChange]) -> String {
    seen.filter { $0.place == place }
      .map { "\($0.kind) \($0.seq) at \($0.at), offset \($0.offset), \($0.reason)" }.joined(separator: "\n")
  }

  /// Which definitions were in force, as the task records in the changelog say, one after the other.
  private func segments(of partition: Int) -> [Segment] {
    var segments: [Segment] = []
    var inForce: UInt32?
    for (_, entry) in trial.world.cluster.log(TopicPartition("\(Trial.app).usher.profiles", Int32(partition))).history
    where entry.key == [] {
      guard let record = entry.value.flatMap({ value in value.withUnsafeBytes { try? TaskRecord(Bytes($0)) } }),
        let plans = record.plans, plans.inForce != inForce
      else { continue }
      guard let shop = trial.shops.firstIndex(where: { PlanDictionary($0.plan).number == plans.inForce }) else {
        continue
      }
      let isFirst = inForce == nil
      inForce = plans.inForce
      segments.append(
        Segment(shop: shop, since: isFirst ? 0 : record.nextOffset, clock: isFirst ? .distantPast : record.clock))
    }
    return segments
  }
}
