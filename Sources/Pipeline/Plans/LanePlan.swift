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

/// How the changes of a plan's audiences are told, and those of audiences whose members leave because of a succession.
final class ChangeTelling {
  var record: WarehouseRecord
  /// Whose changes go to the warehouse.
  let toWarehouse: [Bool]
  /// The number that each audience has among those by which is counted; nil where it is none of them.
  let countedAs: [Int?]

  /// - Parameters:
  ///   - own: the plan by whose audiences is counted.
  ///   - farewells: audiences that are no more, or that somebody is no longer told of.
  init(_ plan: Plan, countedBy own: Plan, farewells: [Succession.Farewell] = []) {
    record = WarehouseRecord(plan, farewells: farewells)
    toWarehouse = plan.audiences.map(\.definition.toWarehouse) + farewells.map(\.audience.toWarehouse)
    let counted = own.audiences.map { Array($0.definition.key.utf8) }
    countedAs = (plan.audiences.map(\.definition.key) + farewells.map(\.audience.key)).map { key in
      counted.firstIndex(of: Array(key.utf8))
    }
  }
}
