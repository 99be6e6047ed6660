import Events

/// What holds of an audience beside its condition, each rule in a sentence of its own.
struct RuleWords {
  let audience: AudienceDefinition
  let project: ProjectIndex

  var sentences: [String] { time + others + [holdout, retirement].compactMap { $0 } }

  private var time: [String] {
    var sentences: [String] = []
    if let hold = audience.holdFor {
      sentences.append("In only once the condition has been true for \(DurationWords.of(hold)) without a break.")
    }
    if let stay = audience.stayAtMost {
      sentences.append(
        "Out after \(DurationWords.of(stay)) at the latest; in again only once the condition has been false.")
    }
    if let rejoin = audience.rejoinAfter {
      sentences.append(
        "Back in no sooner than \(DurationWords.of(rejoin)) after the rules above last took a person out. "
          + "Being left out or giving way does not count as that.")
    }
    return sentences
  }

  private var others: [String] {
    var sentences: [String] = []
    if !audience.unless.isEmpty {
      sentences.append("Left out while in \(Words.list(audience.unless, "or")), by this audience's own 'unless'.")
    }
    let byPolicy = project.policySuppressors(of: audience)
    if !byPolicy.isEmpty, let purpose = audience.purpose {
      sentences.append(
        "Left out while in \(Words.list(byPolicy, "or")), by the policy for every audience to \(purpose.rawValue).")
    }
    if let group = project.group(of: audience.key) {
      let before = group.before.isEmpty ? "comes first" : "gives way to \(Words.list(group.before))"
      let after = group.after.isEmpty ? "" : ", and comes before \(Words.list(group.after))"
      sentences.append("One person is in one audience of the group \(group.name) at most: this one \(before)\(after).")
    }
    return sentences
  }

  private var holdout: String? {
    guard let holdout = audience.holdout else { return nil }
    let share = Words.percent(hundredths: holdout.hundredths)
    let end = holdout.until.map { ", until \(DateWords.of($0))" } ?? ", without an end"
    return "\(share) of the people are held out by chance\(end), to measure what the audience brings about. "
      + "Only the warehouse is told of them."
  }

  private var retirement: String? {
    audience.retireOn.map { "Nobody is in it from \(DateWords.of($0)) on." }
  }
}

/// Where the changes of an audience go.
struct DestinationWords {
  let audience: AudienceDefinition

  var sentences: [String] {
    let to = audience.to
    guard to != AudienceDestinations() else { return ["Nobody gets its changes."] }
    var sentences: [String] = []
    if !to.ads.isEmpty { sentences.append("Ads: \(Words.list(to.ads)).") }
    if to.warehouse == .all { sentences.append("The warehouse: every change.") }
    if !to.analytics.isEmpty { sentences.append("Analytics: \(Words.list(to.analytics)).") }
    sentences.append(told("An entry", audience.entry, named: "Audience Entered"))
    sentences.append(told("An exit", audience.exit, named: "Audience Exited"))
    return sentences
  }

  private func told(_ change: String, _ announcement: Announcement, named standard: String) -> String {
    let traits = announcement.include.isEmpty ? "" : ", with \(Words.list(announcement.include))"
    return "\(change) is told as \(announcement.event ?? standard)\(traits)."
  }
}
