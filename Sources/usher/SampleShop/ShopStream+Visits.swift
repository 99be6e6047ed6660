// Visits: from the first look to the order.

extension ShopStream {
  /// Somebody comes to the shop, for nothing special, or for one product.
  mutating func begin(visitOf customer: Int32, for product: UInt8? = nil) {
    let life = customers.lives[Int(customer)]
    guard !life.isVisiting else { return }
    customers.lives[Int(customer)].isVisiting = true
    // A known person on a strange device is a stranger until the checkout asks who it is.
    let isStrange = life.isKnown && product == nil && chance.happens(60)
    let favourite = customers.favourite(customer)
    let visit = Visit(
      customer: customer, device: isStrange ? Int16(1 + chance.below(1000)) : 0, isKnown: life.isKnown && !isStrange,
      looksLeft: UInt8(product == nil ? looks() : 1),
      product: product ?? UInt8(Catalogue.draw(favourite: favourite, &chance)), isSet: product != nil,
      orders: life.orders, cartNumber: number())
    step(visits.add(visit))
  }

  /// Most look at a few products, some at many.
  private mutating func looks() -> Int {
    var looks = 1
    while looks < 12 && chance.happens(740) { looks += 1 }
    return looks
  }

  /// The next step of a visit.
  mutating func step(_ place: Int32) {
    switch visits[place].step {
    case .look: look(place)
    case .add: add(place)
    case .remove:
      let visit = visits[place]
      writeProduct(.remove, visit.cart.product(visit.cart.count - 1), 1, visit)
      visits[place].cart.removeLast()
      goOn(place)
    case .identify:
      visits[place].isKnown = true
      meet(visits[place])
      goTo(.checkOut, place, seconds: 5, 20)
    case .checkOut: checkOut(place)
    case .pay: pay(place)
    }
  }

  private mutating func look(_ place: Int32) {
    let visit = visits[place]
    writeProduct(.look, visit.product, 1, visit)
    visits[place].looksLeft -= 1
    if !visit.cart.isFull && chance.happens(visit.isSet ? 900 : 150) {
      goTo(.add, place, seconds: 4, 40)
    } else {
      goOn(place)
    }
  }

  private mutating func add(_ place: Int32) {
    let visit = visits[place]
    let quantity = UInt8(chance.happens(800) ? 1 : 2 + chance.below(2))
    visits[place].cart.add(visit.product, quantity: quantity)
    writeProduct(.add, visit.product, quantity, visit)
    if !visit.isSet && chance.happens(90) {
      goTo(.remove, place, seconds: 15, 120)
    } else {
      goOn(place)
    }
  }

  /// Looks further, goes to the checkout, or leaves.
  private mutating func goOn(_ place: Int32) {
    let visit = visits[place]
    if visit.looksLeft > 0 {
      visits[place].product = UInt8(Catalogue.draw(favourite: customers.favourite(visit.customer), &chance))
      goTo(.look, place, seconds: 8, 150)
    } else if !visit.cart.isEmpty && chance.happens(visit.isSet ? 920 : 620) {
      goTo(visit.isKnown ? .checkOut : .identify, place, seconds: 8, 90)
    } else {
      leave(place, reminding: !visit.cart.isEmpty && chance.happens(300))
    }
  }

  private mutating func checkOut(_ place: Int32) {
    let visit = visits[place]
    writeCheckout(visit)
    if chance.happens(visit.isSet || visit.isReminded ? 850 : 640) {
      goTo(.pay, place, seconds: 45, 400)
    } else {
      leave(place, reminding: !visit.isReminded)
    }
  }

  private mutating func pay(_ place: Int32) {
    let order = number()
    visits[place].order = order
    let visit = visits[place]
    writeOrder(order, visit.cart, visit.who, customers.dialect(visit.customer))
    customers.lives[Int(visit.customer)].isVisiting = false
    let cents = Int32(visit.cart.cents - Self.discountCents(order, visit.cart))
    follow(
      sale: Sale(customer: visit.customer, order: order, cents: cents, product: visit.cart.product(0)),
      coffee: visit.cart.first(ofCategory: Catalogue.coffee))
    if chance.happens(300) {
      agenda.add(.serverReport(visit: place), atMs: nowMs + chance.ms(seconds: 1, 8))
    } else {
      visits.remove(place)
    }
  }

  /// The server tells the order as well: under another name, with the same order id.
  mutating func reportFromServer(_ place: Int32) {
    writeServerOrder(visits[place])
    visits.remove(place)
  }

  /// Goes away. Where a message may remind of the cart, the visit waits for it.
  private mutating func leave(_ place: Int32, reminding: Bool) {
    let customer = visits[place].customer
    customers.lives[Int(customer)].isVisiting = false
    guard reminding, visits[place].isKnown, customers.lives[Int(customer)].allowsMessages else {
      visits.remove(place)
      return
    }
    let mail = Mail(
      customer: customer, visit: place, number: number(), campaign: .cartReminder,
      channel: customers.channel(customer))
    agenda.add(.send(mail), atMs: nowMs + chance.ms(hours: 1, 5))
  }

  /// Comes back to the cart that a message has reminded of; too late where the person is in the shop or has bought.
  mutating func comeBack(_ place: Int32) {
    let visit = visits[place]
    let life = customers.lives[Int(visit.customer)]
    guard !life.isVisiting, life.orders == visit.orders else {
      visits.remove(place)
      return
    }
    customers.lives[Int(visit.customer)].isVisiting = true
    visits[place].isReminded = true
    goTo(.checkOut, place, seconds: 20, 120)
  }

  private mutating func goTo(_ step: Visit.Step, _ place: Int32, seconds from: Int, _ to: Int) {
    visits[place].step = step
    agenda.add(.step(visit: place), atMs: nowMs + chance.ms(seconds: from, to))
  }

  /// The shop learns who somebody is. Those it meets for the first time are asked for consent, and welcomed.
  private mutating func meet(_ visit: Visit) {
    writeIdentify(visit.who)
    let place = Int(visit.customer)
    guard !customers.lives[place].isKnown else { return }
    customers.lives[place].isKnown = true
    agenda.add(
      .consent(customer: visit.customer, isGranted: chance.happens(720)), atMs: nowMs + chance.ms(seconds: 1, 4))
    let welcome = JourneyStep(
      customer: visit.customer, campaign: .onboarding, step: 1, orders: 0, product: visit.product)
    agenda.add(.journey(welcome), atMs: nowMs + chance.ms(seconds: 30, 900))
  }
}
