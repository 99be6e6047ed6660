/// What is to happen, earliest first; at one instant, what was put down first comes first. A binary heap.
struct Agenda: Sendable {
  /// Something that is to happen.
  struct Entry: Sendable {
    let atMs: Int64
    let order: UInt64
    let deed: Deed

    fileprivate func isBefore(_ other: Entry) -> Bool {
      atMs == other.atMs ? order < other.order : atMs < other.atMs
    }
  }

  private var heap: [Entry] = []
  private var added: UInt64 = 0

  /// How much is put down.
  var count: Int { heap.count }

  /// When the first is due.
  var firstMs: Int64? { heap.first?.atMs }

  /// Puts something down.
  mutating func add(_ deed: Deed, atMs: Int64) {
    let entry = Entry(atMs: atMs, order: added, deed: deed)
    added += 1
    heap.append(entry)
    var place = heap.count - 1
    while place > 0 {
      let parent = (place - 1) / 2
      guard entry.isBefore(heap[parent]) else { break }
      heap[place] = heap[parent]
      place = parent
    }
    heap[place] = entry
  }

  /// Takes the first.
  mutating func next() -> Entry? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count && heap[child + 1].isBefore(heap[child]) { child += 1 }
      guard heap[child].isBefore(last) else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = last
    return first
  }
}

/// Something that happens in the shop. Most deeds write one record, and put down what follows from them.
enum Deed: Sendable {
  /// Somebody comes to the shop, and the next visitor is put down.
  case arrival
  /// Somebody gets the newsletter, and the next one to get it is put down.
  case newsletter
  /// Somebody comes because of a message.
  case visit(customer: Int32, campaign: Campaign, product: UInt8)
  /// The next step of a visit.
  case step(visit: Int32)
  /// The server reports the order that the page has reported already.
  case serverReport(visit: Int32)
  /// A message goes out, is opened, is clicked.
  case send(Mail)
  case open(Mail)
  case click(Mail)
  /// A step of a journey, unless the person has bought since it began.
  case journey(JourneyStep)
  /// Money goes back, or the bank takes it.
  case refund(Sale)
  case dispute(Sale)
  /// A case with the support team opens, moves on, is solved.
  case support(Sale, stage: UInt8)
  /// The traits of a person are told anew.
  case profile(customer: Int32)
  /// A person allows or forbids messages and advertising.
  case consent(customer: Int32, isGranted: Bool)
  /// A subscription begins, sends its next bag, ends.
  case subscribe(Subscription)
  case renew(Subscription)
  /// A record that was written before arrives now.
  case delivery(slot: Int32)
}

/// A message on its way to one person.
struct Mail: Sendable {
  let customer: Int32
  /// The visit that it is to bring back; -1 where there is none.
  var visit: Int32 = -1
  let number: UInt32
  let campaign: Campaign
  let channel: Channel
  /// What it wants to sell.
  var product: UInt8 = 0
}

/// What a message is about.
enum Campaign: UInt8, Sendable {
  case newsletter, cartReminder, replenish, winback, onboarding
}

/// How a message goes out.
enum Channel: UInt8, Sendable {
  case email, sms, push
}

/// A person at a step of a journey.
struct JourneyStep: Sendable {
  let customer: Int32
  let campaign: Campaign
  var step: UInt8
  /// How many orders the person had when it began: one more ends it.
  let orders: UInt16
  /// What the journey wants to sell, if anything of one kind.
  let product: UInt8
}

/// An order, as what comes after it needs to know it.
struct Sale: Sendable {
  let customer: Int32
  let order: UInt32
  let cents: Int32
  let product: UInt8
}

/// A bag of coffee every month.
struct Subscription: Sendable {
  let customer: Int32
  let number: UInt32
  let product: UInt8
}
