internal import Audiences
internal import ProfileStore

/// The plans that a lane works under: that of its process's definitions, and former ones of its tasks until these follow.
final class LanePlans {
  /// What the process has come with.
  let own: Definitions
  private var known: [UInt32: LanePlan] = [:]

  init(_ own: Definitions) { self.own = own }

  /// All that were worked under so far.
  var all: some Collection<LanePlan> { known.values }

  /// How to work under a plan.
  func plan(_ definitions: Definitions) -> LanePlan {
    if let plan = known[definitions.number] { return plan }
    let plan = LanePlan(definitions, countedBy: own.plan)
    known[definitions.number] = plan
    return plan
  }

  /// The definitions that were kept with states.
  ///
  /// - Throws: `LaneError` where this version of Usher reads them in another way.
  func definitions(_ record: PlanRecord, _ changelog: String) throws(LaneError) -> Definitions {
    if record.number == own.number { return own }
    if let plan = known[record.number] { return plan.definitions }
    if let definitions = Definitions(record), definitions.number == record.number { return definitions }
    throw LaneError(
      "\(changelog) was kept under other definitions, which this version of Usher reads in another way",
      advice: "run the version that kept it until it has taken over the definitions of today, or give --app another "
        + "name: it reads the events from the start")
  }
}
