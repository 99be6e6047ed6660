/// The records of the sample shop, one after the other.
///
///     var shop = ShopStream(plan)
///     while shop.next() { use(shop.json, shop.profileID, shop.arrivalMs) }
struct ShopStream: ~Copyable {
  let plan: ShopPlan
  var chance: Chance
  var agenda = Agenda()
  var customers: Customers
  var visits = Slots<Visit>()
  var line = Line()
  /// Where the profile id stands in the line; empty while no record is written.
  var profileRange = 0..<0
  /// The instant that the story has come to.
  var nowMs: Int64
  let catalogue = Catalogue()
  private let visitors: Curve
  private var lateOnes = Slots<Held>()
  private var numbers: UInt32 = 100_000
  /// How many records have been told.
  private(set) var told = 0
  /// When what the record tells happened, in milliseconds since 1970.
  private(set) var timeMs: Int64 = 0

  /// A record that arrives later than it was written.
  private struct Held: Sendable {
    var json: [UInt8]
    var profileRange: Range<Int>
    var timeMs: Int64
  }

  /// Visits and newsletters that one person gets in a day, on average.
  private static let visitsPerDay = 0.11
  private static let newslettersPerDay = 0.03

  /// Begins the story.
  init(_ plan: ShopPlan) {
    self.plan = plan
    chance = Chance(seed: plan.seed)
    customers = Customers(count: plan.profiles, seed: plan.seed)
    visitors = Curve.visitors(plan.profiles)
    nowMs = plan.startMs
    tellThePast()
    agenda.add(.arrival, atMs: nowMs + gap(perDay: Self.visitsPerDay))
    agenda.add(.newsletter, atMs: nowMs + gap(perDay: Self.newslettersPerDay))
  }

  /// The record as JSON, without an end of line.
  var json: [UInt8] { line.bytes }

  /// The profile that the record belongs to: its user id, else its anonymous id.
  var profileID: ArraySlice<UInt8> { line.bytes[profileRange] }

  /// When the record reaches the log, in milliseconds since 1970; it never goes back.
  var arrivalMs: Int64 { nowMs }

  /// Goes on to the next record. False where there is none: the story has ended, or the plan's limit is reached.
  mutating func next() -> Bool {
    if let limit = plan.limit, told >= limit { return false }
    while let entry = agenda.next() {
      if let endMs = plan.endMs, entry.atMs >= endMs, !entry.deed.isDelivery { continue }
      nowMs = entry.atMs
      timeMs = nowMs
      profileRange = 0..<0
      happen(entry.deed)
      guard !profileRange.isEmpty else { continue }
      if !entry.deed.isDelivery {
        if chance.happens(share: plan.late) {
          holdBack()
          continue
        }
        if chance.happens(share: plan.duplicates) { holdBack() }
      }
      told += 1
      return true
    }
    return false
  }

  /// A number that nothing else in the shop has.
  mutating func number() -> UInt32 {
    numbers += 1
    return numbers
  }

  /// The next person to come, some of them much more often than others.
  mutating func visitor() -> Int32 {
    let place = Int(visitors.draw(&chance) >> 8)
    return Int32(min(max(place, 0), plan.profiles - 1))
  }

  private mutating func happen(_ deed: Deed) {
    switch deed {
    case .arrival:
      agenda.add(.arrival, atMs: nowMs + gap(perDay: Self.visitsPerDay))
      begin(visitOf: visitor())
    case .newsletter:
      agenda.add(.newsletter, atMs: nowMs + gap(perDay: Self.newslettersPerDay))
      send(.newsletter, to: visitor())
    case .visit(let customer, let campaign, let product):
      begin(visitOf: customer, for: campaign == .replenish ? product : nil)
    case .step(let visit): step(visit)
    case .serverReport(let visit): reportFromServer(visit)
    case .send(let mail): send(mail)
    case .open(let mail): open(mail)
    case .click(let mail): click(mail)
    case .journey(let step): reach(step)
    case .refund(let sale): writeRefund(sale)
    case .dispute(let sale): writeDispute(sale)
    case .support(let sale, let stage): support(sale, stage: stage)
    case .profile(let customer): writeIdentify(.server(customer))
    case .consent(let customer, let isGranted): consent(customer, isGranted: isGranted)
    case .subscribe(let subscription): subscribe(subscription)
    case .renew(let subscription): renew(subscription)
    case .delivery(let slot): deliver(slot)
    }
  }

  /// How long it takes until the next one of things that each person does so often a day. The hour counts.
  private mutating func gap(perDay: Double) -> Int64 {
    let hour = Int(((nowMs / 3_600_000) % 24 + 24) % 24)
    let often = perDay * Double(plan.profiles) * Double(Self.hours[hour]) / 100
    return max(1, Int64(Double(Curve.gaps.draw(&chance)) * 86_400_000 / 1024 / often))
  }

  /// How busy each hour of a day is, in hundredths of the average.
  private static let hours = [
    60, 42, 30, 22, 20, 26, 45, 70, 92, 105, 112, 118, 126, 120, 112, 110, 114, 124, 142, 165, 182, 176, 152, 135,
  ]

  /// Lets the record that was just written arrive later, by up to ten minutes.
  private mutating func holdBack() {
    let slot = lateOnes.add(Held(json: line.bytes, profileRange: profileRange, timeMs: timeMs))
    agenda.add(.delivery(slot: slot), atMs: nowMs + chance.ms(seconds: 1, 600))
  }

  private mutating func deliver(_ slot: Int32) {
    let held = lateOnes[slot]
    lateOnes.remove(slot)
    line.replace(with: held.json)
    profileRange = held.profileRange
    timeMs = held.timeMs
  }
}

extension Deed {
  /// Whether it only brings a record that was written before.
  fileprivate var isDelivery: Bool {
    if case .delivery = self { true } else { false }
  }
}
