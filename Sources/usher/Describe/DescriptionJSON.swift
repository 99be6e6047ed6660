import Audiences

extension AudienceDescription {
  /// The description for programs.
  var json: JSONValue {
    .object([
      ("key", .string(audience.key)),
      ("name", .string(audience.name)),
      ("version", .integer(audience.version)),
      ("purpose", audience.purpose.map { .string($0.rawValue) }),
      ("owner", audience.owner.map(JSONValue.string)),
      ("goal", audience.goal.map(JSONValue.string)),
      ("sentence", .string(sentence)),
      ("conditions", .array(conditions.map { .object([("depth", .integer($0.depth)), ("text", .string($0.text))]) })),
      ("rules", .strings(rules)),
      ("time_changes", .strings(timeChanges)),
      ("events", .strings(events)),
      ("traits", .array(traits.map(\.json))),
      ("audiences", .strings(audiences)),
      ("used_by", .strings(usedBy)),
      ("destinations", .strings(destinations)),
      ("state", .array(state.map { .object([("subject", .string($0.subject)), ("text", .string($0.text))]) })),
    ])
  }
}

extension TraitDescription {
  /// The description for programs.
  var json: JSONValue {
    .object([
      ("name", .string(name)),
      ("phrase", .string(phrase)),
      ("computed", .bool(isComputed)),
      ("traits", .strings(traits)),
      ("events", .strings(events)),
      ("time_changes", .strings(timeChanges)),
      ("used_by", .strings(usedBy)),
    ])
  }
}
