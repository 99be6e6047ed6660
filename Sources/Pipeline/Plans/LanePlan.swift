internal import Audiences
internal import Engine
internal import Events
internal import ProfileStore

/// A plan as a lane works under it: how records are read for it, and how its changes are told.
final class LanePlan {
  let definitions: Definitions
  var intake: RecordIntake
  let telling: ChangeTelling

  var plan: Plan { definitions.plan }

  /// - Parameter own: the definitions of the process, by whose audiences it counts.
  init(_ definitions: Definitions, countedBy own: Plan) {
    self.definitions = definitions
    intake = RecordIntake(definitions.plan)
    telling = ChangeTelling(definitions.plan, countedBy: own)
  }
}

/// How the changes of a plan's audiences are told, and those that a succession brings.
final class ChangeTelling {
  var track: TrackRecord
  var ads: AdsRecord
  /// Who is told of an audience's changes, by `Change.audience`.
  let routes: [Route]
  /// The number that each audience has among those by which is counted; nil where it is none of them, or where a change
  /// only tells somebody else of what was counted before.
  let countedAs: [Int?]

  /// Where the changes of an audience go.
  struct Route {
    let warehouse: Bool
    let ads: Bool
    let analytics: Bool

    init(_ audience: ToldAudience) {
      warehouse = audience.to.warehouse == .all
      ads = !audience.to.ads.isEmpty
      analytics = !audience.to.analytics.isEmpty
    }
  }

  /// - Parameters:
  ///   - own: the plan by whose audiences is counted.
  ///   - succession: what brings changes besides those of the plan's audiences.
  init(_ plan: Plan, countedBy own: Plan, after succession: Succession? = nil) {
    track = TrackRecord(plan, after: succession)
    ads = AdsRecord(plan, after: succession)
    let audiences = ToldAudience.all(of: plan, after: succession)
    routes = audiences.map(Route.init)
    let counted = own.audiences.map { Array($0.definition.key.utf8) }
    countedAs = audiences.map { audience in
      audience.isCounted ? counted.firstIndex(of: Array(audience.key.utf8)) : nil
    }
  }
}
