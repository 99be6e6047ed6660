// What comes after an order: what people ask for, and what the shop tries.

extension ShopStream {
  /// Puts down what follows from an order.
  mutating func follow(sale: Sale, coffee: UInt8?) {
    let place = Int(sale.customer)
    customers.lives[place].orders += 1
    customers.lives[place].spentCents &+= sale.cents
    if chance.happens(50) {
      let refundMs = nowMs + chance.ms(days: 3, 20)
      agenda.add(.refund(sale), atMs: refundMs)
      if chance.happens(400) { agenda.add(.support(sale, stage: 0), atMs: refundMs - chance.ms(hours: 20, 48)) }
    }
    if chance.happens(5) { agenda.add(.dispute(sale), atMs: nowMs + chance.ms(days: 10, 40)) }
    if chance.happens(30) { agenda.add(.support(sale, stage: 0), atMs: nowMs + chance.ms(days: 1, 8)) }
    if chance.happens(150) { agenda.add(.profile(customer: sale.customer), atMs: nowMs + chance.ms(seconds: 60, 300)) }
    if chance.happens(5) {
      agenda.add(.consent(customer: sale.customer, isGranted: false), atMs: nowMs + chance.ms(days: 1, 30))
    }
    if let coffee { keepInCoffee(sale.customer, coffee) }
    if chance.happens(450) { begin(.winback, sale.customer, sale.product, atMs: nowMs + chance.ms(days: 35, 50)) }
  }

  /// Coffee runs out after a month: by subscription or by a reminder, it comes again.
  private mutating func keepInCoffee(_ customer: Int32, _ product: UInt8) {
    if !customers.lives[Int(customer)].isSubscribed && chance.happens(60) {
      let subscription = Subscription(customer: customer, number: number(), product: product)
      agenda.add(.subscribe(subscription), atMs: nowMs + chance.ms(seconds: 60, 600))
    } else if chance.happens(600) {
      begin(.replenish, customer, product, atMs: nowMs + chance.ms(days: 22, 35))
    }
  }

  /// Puts down the first step of a journey.
  mutating func begin(_ campaign: Campaign, _ customer: Int32, _ product: UInt8, atMs: Int64) {
    let orders = customers.lives[Int(customer)].orders
    let first = JourneyStep(customer: customer, campaign: campaign, step: 1, orders: orders, product: product)
    agenda.add(.journey(first), atMs: atMs)
  }

  /// A person comes to a step of a journey. Who has bought since it began is out of it; onboarding goes on.
  mutating func reach(_ journey: JourneyStep) {
    let life = customers.lives[Int(journey.customer)]
    guard life.orders == journey.orders || journey.campaign == .onboarding else { return }
    writeJourneyStep(journey)
    if life.allowsMessages {
      let mail = Mail(
        customer: journey.customer, number: number(), campaign: journey.campaign,
        channel: customers.channel(journey.customer), product: journey.product)
      agenda.add(.send(mail), atMs: nowMs + chance.ms(seconds: 5, 300))
    }
    guard journey.step < (journey.campaign == .replenish ? 2 : 4) else { return }
    var next = journey
    next.step += 1
    agenda.add(.journey(next), atMs: nowMs + chance.ms(days: 2, 4))
  }

  /// A case with the support team: it opens, waits for the customer, is solved.
  mutating func support(_ sale: Sale, stage: UInt8) {
    writeSupport(sale, stage: stage)
    if stage < 2 { agenda.add(.support(sale, stage: stage + 1), atMs: nowMs + chance.ms(hours: 2, 40)) }
  }

  mutating func consent(_ customer: Int32, isGranted: Bool) {
    customers.lives[Int(customer)].allowsMessages = isGranted
    writeConsent(customer, isGranted: isGranted)
  }

  mutating func subscribe(_ subscription: Subscription) {
    customers.lives[Int(subscription.customer)].isSubscribed = true
    writeSubscription(subscription, isStart: true)
    agenda.add(.renew(subscription), atMs: nowMs + 30 * 86_400_000)
  }

  /// The next bag of a subscription goes out, or the subscription ends.
  mutating func renew(_ subscription: Subscription) {
    let customer = subscription.customer
    guard !chance.happens(140) else {
      customers.lives[Int(customer)].isSubscribed = false
      writeSubscription(subscription, isStart: false)
      return
    }
    let order = number()
    let cart = Cart(product: subscription.product)
    writeOrder(order, cart, .server(customer), .canonical)
    let cents = Int32(cart.cents - Self.discountCents(order, cart))
    follow(sale: Sale(customer: customer, order: order, cents: cents, product: subscription.product), coffee: nil)
    agenda.add(.renew(subscription), atMs: nowMs + 30 * 86_400_000)
  }
}
