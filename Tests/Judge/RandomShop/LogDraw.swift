/// Draws a log: few profiles, ties, late events, repeated ids, odd values, bad lines.
struct LogDraw {
  let world: World
  /// The latest time so far.
  private(set) var nowMs: Int64
  private var values: ValueDraw
  private var messageIds: [String] = []

  init(world: World, _ dice: inout Dice) {
    self.world = world
    nowMs = world.startMs
    values = ValueDraw(strings: world.strings, isUntidy: world.isUntidy, stepMs: world.stepMs)
  }

  mutating func lines(_ count: Int, _ dice: inout Dice) -> [String] {
    var lines: [String] = []
    for _ in 0..<count { lines.append(line(&dice)) }
    return lines
  }

  private mutating func line(_ dice: inout Dice) -> String {
    let user = dice.pick(world.users)
    if let members = laterForm(of: user, &dice) { return finished(members, &dice) }
    var members: [(String, String)]
    switch world.isUntidy ? dice.below(100) : 0 {
    case 86...89: members = [("type", "\"page\""), ("name", "\"Home\"")]
    case 90...91: members = [("type", "\"screen\""), ("properties", "{\"category\":\"coffee\"}")]
    case 92...97: members = [("type", "\"identify\""), ("traits", "{\"tier\":\"gold\",\"subscribed\":true}")]
    case 98...99: members = [("type", "\"group\""), ("groupId", "\"g1\"")]
    default: members = track(&dice)
    }
    members.append(("timestamp", InstantText.json(time(&dice), &dice)))
    members += ids(of: user, isIdentify: members[0].1 == "\"identify\"", &dice)
    return finished(members, &dice)
  }

  /// A record of the forms that came later: traits, deletions, merges.
  private mutating func laterForm(of user: World.User, _ dice: inout Dice) -> [(String, String)]? {
    guard !world.forms.isDisjoint(with: [.traits, .merges, .deletes]) else { return nil }
    switch dice.below(100) {
    case 0...2 where world.forms.contains(.deletes): return [("type", "\"delete\"")] + time(of: user, &dice)
    case 3...6 where world.forms.contains(.merges):
      let other = dice.percent(50) ? "previousId" : "anonymousId"
      return [("type", "\"alias\""), (other, json(dice.pick(world.users), &dice))] + time(of: user, &dice)
    case 7...9 where world.forms.contains(.merges):
      let members = [("type", "\"identify\""), ("anonymousId", json(dice.pick(world.users), &dice))]
      return members + time(of: user, &dice) + traits(&dice)
    case 10...27 where world.forms.contains(.traits):
      return [("type", "\"identify\"")] + time(of: user, &dice) + traits(&dice)
    default: return nil
    }
  }

  private mutating func time(of user: World.User, _ dice: inout Dice) -> [(String, String)] {
    [("timestamp", InstantText.json(time(&dice), &dice)), ("userId", json(user, &dice))]
  }

  private mutating func traits(_ dice: inout Dice) -> [(String, String)] {
    if world.isUntidy && dice.percent(4) { return dice.pick([[], [("traits", "null")], [("traits", "7")]]) }
    values.nowMs = nowMs
    var members: [(String, String)] = []
    for trait in dice.several(dice.from(0...3), of: world.taxonomy.traits) {
      let value = dice.percent(12) ? "null" : values.value(of: trait.type, &dice)
      if let value { members.append((trait.name, value)) }
    }
    return [("traits", ValueDraw.object(members, &dice))]
  }

  private func json(_ user: World.User, _ dice: inout Dice) -> String {
    switch user {
    case .named(let id), .anonymous(let id): values.quoted(id, &dice)
    case .numbered(let id): dice.percent(50) ? "\(id)" : "\"\(id)\""
    }
  }

  /// The record with a `messageId`, and now and then made bad.
  private mutating func finished(_ members: [(String, String)], _ dice: inout Dice) -> String {
    var members = members
    if let messageId = messageId(&dice) { members.append(("messageId", messageId)) }
    if world.forms.contains(.identifiers), dice.percent(35) {
      let inTraits = members[0].1 == "\"identify\"" && dice.percent(50)
      IdentifierDraw.add(to: &members, inTraits: inTraits, &dice)
    }
    guard world.isUntidy && dice.percent(5) else { return ValueDraw.object(members, &dice) }
    return BadLine.spoil(members, &dice)
  }

  private func track(_ dice: inout Dice) -> [(String, String)] {
    let everything = world.taxonomy.events.map(\.name)
    let name = dice.percent(92) ? dice.pick(world.names) : dice.pick(everything + ["Wishlist Opened", "Screen Viewed"])
    let known = world.taxonomy.events.first { $0.name == name }
    var members = [("type", "\"track\""), ("event", values.quoted(spelling(name, known, &dice), &dice))]
    if world.isUntidy && dice.percent(3) {
      if dice.percent(50) { members.append(("properties", dice.pick(["null", "7", "\"none\"", "{}"]))) }
    } else {
      members.append(("properties", values.object(known?.properties ?? [], unique: known?.unique, &dice)))
    }
    return members
  }

  /// The name, or an alias of it, now and then in another case and with other separators.
  private func spelling(_ name: String, _ known: KnownEvent?, _ dice: inout Dice) -> String {
    let spelled = dice.percent(20) ? dice.pick([name] + (known?.aliases ?? [])) : name
    guard dice.percent(15) else { return spelled }
    let separator: Character = dice.pick([" ", "_", "-"])
    let separated = String(spelled.map { " _-".contains($0) ? separator : $0 })
    return dice.pick([separated.lowercased(), separated.uppercased(), separated])
  }

  /// Mostly at or after the latest time so far; now and then late, or by a millisecond beside a step.
  private mutating func time(_ dice: inout Dice) -> Int64 {
    var steps = dice.weighted([(35, 0), (35, 1), (20, 2), (8, 5), (2, 20)])
    if dice.percent(15) { steps = -dice.from(1...12) }
    var timeMs = nowMs + Int64(steps) * world.stepMs
    if dice.percent(8) { timeMs += dice.pick([-1, 1, 500]) }
    nowMs = max(nowMs, timeMs)
    return timeMs
  }

  private func ids(of user: World.User, isIdentify: Bool, _ dice: inout Dice) -> [(String, String)] {
    switch user {
    case .named(let id):
      // The two kinds of id share one name space.
      if dice.percent(10) { return [("anonymousId", values.quoted(id, &dice))] }
      // A record other than `identify` that carries both ids merges nothing.
      let other = !isIdentify && dice.percent(20) ? [("anonymousId", dice.pick(["\"a-1\"", "\"zz\"", "null"]))] : []
      return [("userId", values.quoted(id, &dice))] + other
    case .numbered(let id): return [("userId", dice.percent(50) ? "\(id)" : "\"\(id)\"")]
    case .anonymous(let id):
      return [("anonymousId", values.quoted(id, &dice))] + (dice.percent(20) ? [("userId", "null")] : [])
    }
  }

  /// Mostly a new one; now and then one that was there before, of this or another profile, about 64 records back too.
  private mutating func messageId(_ dice: inout Dice) -> String? {
    if dice.percent(10) { return dice.percent(50) ? nil : "null" }
    if world.isUntidy && dice.percent(10) && !messageIds.isEmpty {
      let back = dice.percent(50) ? dice.from(1...6) : dice.from(55...75)
      return messageIds[max(0, messageIds.count - back)]
    }
    messageIds.append("\"m\(messageIds.count)\"")
    return messageIds.last
  }
}

/// Makes a good line bad, in one way.
enum BadLine {
  static func spoil(_ members: [(String, String)], _ dice: inout Dice) -> String {
    let line = ValueDraw.object(members, &dice)
    let isTrack = members[0].1 == "\"track\""
    let isGroup = members[0].1 == "\"group\""
    switch dice.below(isGroup ? 3 : 6) {
    case 0:
      return dice.pick([
        "not json", "{", String(line.dropLast()), line + "}", String(line.dropLast()) + ",}", "\(line) \(line)",
        String(line.dropLast()) + ",\"x\":01}", String(line.dropLast()) + ",'x':1}",
        String(line.dropLast()) + ",\"x\":NaN}",
      ])
    case 1: return dice.pick(["[]", "7", "null", "\"track\"", "{}"])
    case 2:
      return ValueDraw.object(members.setting("type", dice.pick([nil, "null", "7", "\"pageview\"", "\"\""])), &dice)
    case 3:
      let bad = dice.pick([nil, "null", "true", "{}", "[]", "\"\""])
      return ValueDraw.object(members.setting("anonymousId", nil).setting("userId", bad), &dice)
    case 4 where isTrack:
      return ValueDraw.object(members.setting("event", dice.pick([nil, "null", "\"\"", "7"])), &dice)
    default:
      let bad = dice.pick([
        nil, "null", "\"yesterday\"", "\"2026-13-01\"", "\"2026-02-29T00:00:00Z\"", "\"2026-01-01T10\"", "true", "{}",
        "\"2026-01-01T10:00:00+2\"", "\"2026-01-01T10:00:00.Z\"", "\"\"", "1e300", "\"2026-1-1\"",
        "\"20260101T100000Z\"",
      ])
      return ValueDraw.object(members.setting("timestamp", bad), &dice)
    }
  }
}

extension [(String, String)] {
  /// The members with that one replaced; without a value, without it.
  fileprivate func setting(_ name: String, _ value: String?) -> [(String, String)] {
    filter { $0.0 != name } + (value.map { [(name, $0)] } ?? [])
  }
}
