internal import Audiences
internal import Engine
internal import Events

/// What changes say of an audience, and who is told of them. Changes call audiences by their places in the list of all:
/// those of the plan, then those whose members leave because of a succession, then those that somebody is introduced to
/// (`Change.audience`).
struct ToldAudience {
  let key: String
  let name: String
  let version: Int
  let purpose: String?
  let entryEvent: String
  let exitEvent: String
  /// Who is told.
  let to: AudienceDestinations
  /// The ad platforms that hold its members from then on.
  let adsAfterwards: [String]
  /// Whether its changes are those of who is in; else they only tell somebody else of what was told before.
  let isCounted: Bool

  /// In the order of `Change.audience`.
  static func all(of plan: Plan, after succession: Succession?) -> [ToldAudience] {
    plan.audiences.map { ToldAudience($0.definition, to: $0.definition.to) }
      + (succession?.farewells ?? []).map { ToldAudience($0, plan) }
      + (succession?.introductions ?? []).map {
        ToldAudience(plan.audiences[$0.audience].definition, to: $0.to, isCounted: false)
      }
  }

  /// What every record says of the audience: members of a JSON object, from its key to its purpose.
  func write(to json: inout JSONWriter) {
    json.raw("\"audience\":")
    json.string(key)
    json.raw(",\"audience_name\":")
    json.string(name)
    json.raw(",\"version\":")
    json.integer(Int64(version))
    if let purpose {
      json.raw(",\"purpose\":")
      json.string(purpose)
    }
  }

  private init(_ definition: AudienceDefinition, to: AudienceDestinations, isCounted: Bool = true) {
    key = definition.key
    name = definition.name
    version = definition.version
    purpose = definition.purpose?.rawValue
    entryEvent = definition.entryEvent ?? "Audience Entered"
    exitEvent = definition.exitEvent ?? "Audience Exited"
    self.to = to
    adsAfterwards = definition.to.ads
    self.isCounted = isCounted
  }

  private init(_ farewell: Succession.Farewell, _ plan: Plan) {
    let audience = farewell.audience
    key = audience.key
    name = audience.telling.name
    version = audience.telling.version
    purpose = audience.telling.purpose
    entryEvent = "Audience Entered"
    exitEvent = audience.telling.exitEvent ?? "Audience Exited"
    to = farewell.to
    let isGone = farewell.now >= plan.audiences.count
    adsAfterwards = isGone ? [] : plan.audiences[farewell.now].definition.to.ads
    isCounted = isGone
  }
}
