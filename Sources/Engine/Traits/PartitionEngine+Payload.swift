internal import Audiences
internal import Events

/// The traits that go with a change, as members of a JSON object; absent ones are left out.
extension PartitionEngine {
  mutating func tell(
    _ kind: Change.Kind, of number: Int, at now: Instant, in slot: ProfileTable.Slot, _ told: inout ChangeBuffer.Told
  ) {
    let audience = plan.audiences[number]
    let traits: [Int]
    switch kind {
    case .entered, .heldOut: traits = audience.entryTraits
    case .exited, .holdoutEnded: traits = audience.exitTraits
    case .updated: traits = []
    }
    let from = changes.payload.count
    told.impersonalEnd = from
    for trait in traits {
      tell(trait, at: now, in: profiles[slot])
      if !PersonalTraits.isPersonal(plan.traits[trait].name) { told.impersonalEnd = changes.payload.count }
    }
    told.payload = from..<changes.payload.count
  }

  private mutating func tell(_ number: Int, at now: Instant, in profile: Profile) {
    let figure = figure(ofTrait: number, at: now.ms, in: profile)
    collect(figure)
    values.keepScalars()  // an object is a value only for `exists`
    switch figure {
    case .absent: return
    case .items(let from):
      tellName(plan.traits[number].name)
      tellItems(of: number, from: from)
    case .instant(let ms):
      tellName(plan.traits[number].name)
      changes.payload.byte(UInt8(ascii: "\""))
      changes.payload.instant(Instant(ms: ms))
      changes.payload.byte(UInt8(ascii: "\""))
    case .number, .value, .values:
      if values.count == 0 { return }
      tellName(plan.traits[number].name)
      tellValues(asList: plan.traits[number].isList || values.count > 1)
    }
  }

  private mutating func tellName(_ name: String) {
    changes.payload.byte(UInt8(ascii: ","))
    changes.payload.string(name)
    changes.payload.byte(UInt8(ascii: ":"))
  }

  private mutating func tellValues(asList: Bool) {
    if asList { changes.payload.byte(UInt8(ascii: "[")) }
    for index in 0..<values.count {
      if index > 0 { changes.payload.byte(UInt8(ascii: ",")) }
      tell(values[index])
    }
    if asList { changes.payload.byte(UInt8(ascii: "]")) }
  }

  private mutating func tell(_ value: Value) {
    switch value.kind {
    case .string: changes.payload.string(value.text)
    case .number: changes.payload.decimal(value.number ?? Millionths(units: 0))
    case .yes: changes.payload.raw("true")
    case .no: changes.payload.raw("false")
    case .object: preconditionFailure("objects are left out")
    }
  }

  /// `collect`: an object for each event, with the properties that it has.
  private mutating func tellItems(of number: Int, from: Int) {
    guard case .story(let reading) = plan.traits[number].source, case .collect(let members, _) = reading.measure else {
      return
    }
    let slots = slots(of: reading)
    changes.payload.byte(UInt8(ascii: "["))
    for index in from..<story.left.count {
      if index > from { changes.payload.byte(UInt8(ascii: ",")) }
      changes.payload.byte(UInt8(ascii: "{"))
      var isFirst = true
      for member in members {
        values.clear()
        story.all[Int(story.left[index])].values(of: member.slot, slots).texts.forEach { value, _ in
          values.append(value)
        }
        values.keepScalars()
        if values.count == 0 { continue }
        if !isFirst { changes.payload.byte(UInt8(ascii: ",")) }
        isFirst = false
        changes.payload.string(member.name)
        changes.payload.byte(UInt8(ascii: ":"))
        tellValues(asList: values.count > 1)
      }
      changes.payload.byte(UInt8(ascii: "}"))
    }
    changes.payload.byte(UInt8(ascii: "]"))
  }
}
