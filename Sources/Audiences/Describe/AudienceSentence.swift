import Events

/// The one sentence that says who is in an audience.
struct AudienceSentence {
  let audience: AudienceDefinition
  let project: ProjectIndex

  /// `People who .., with no ..; left out while in ..`, with a full stop.
  var text: String {
    let condition = project.words.clauses(Statement(audience.condition))
    return (["People \(condition)"] + terms).joined(separator: "; ") + "."
  }

  /// What holds beside the condition, each a part of the sentence.
  var terms: [String] {
    var terms: [String] = []
    if let hold = audience.holdFor { terms.append("once this has held for \(DurationWords.of(hold)) without a break") }
    let suppressors = project.suppressors(of: audience)
    if !suppressors.isEmpty { terms.append("left out while in \(Words.list(suppressors, "or"))") }
    if let group = project.group(of: audience.key), !group.before.isEmpty {
      terms.append("giving way to \(Words.list(group.before)) (group \(group.name))")
    }
    if let stay = audience.stayAtMost {
      terms.append("out after \(DurationWords.of(stay)) at the latest, and in again only after this was false")
    }
    if let rejoin = audience.rejoinAfter {
      terms.append("in again no sooner than \(DurationWords.of(rejoin)) after leaving")
    }
    if let holdout = audience.holdout, holdout.hundredths > 0 {
      let end = holdout.until.map { " until \(DateWords.of($0))" } ?? ""
      terms.append("\(Words.percent(hundredths: holdout.hundredths)) of them held out by chance\(end)")
    }
    if let end = audience.retireOn { terms.append("nobody any more from \(DateWords.of(end)) on") }
    return terms
  }
}
