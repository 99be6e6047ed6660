// What was before the story begins: a shop does not open on the first day of a log.

extension ShopStream {
  /// Gives each person a past, and puts down what is still to come of it.
  mutating func tellThePast() {
    for customer in 0..<Int32(plan.profiles) where chance.happens(550) {
      customers.lives[Int(customer)].isKnown = true
      customers.lives[Int(customer)].allowsMessages = chance.happens(750)
      guard chance.happens(600) else { continue }
      let product = UInt8(Catalogue.draw(favourite: customers.favourite(customer), &chance))
      let cents = Int32(Catalogue.price(Int(product)))
      customers.lives[Int(customer)].orders = UInt16(1 + chance.below(5))
      customers.lives[Int(customer)].spentCents = cents * Int32(customers.lives[Int(customer)].orders)
      tellLastOrder(Sale(customer: customer, order: number(), cents: cents, product: product))
    }
  }

  private mutating func tellLastOrder(_ sale: Sale) {
    if chance.happens(30) { agenda.add(.refund(sale), atMs: nowMs + chance.ms(days: 0, 15)) }
    if chance.happens(4) { agenda.add(.dispute(sale), atMs: nowMs + chance.ms(days: 0, 30)) }
    if chance.happens(20) { agenda.add(.support(sale, stage: 0), atMs: nowMs + chance.ms(days: 0, 8)) }
    if chance.happens(5) {
      agenda.add(.consent(customer: sale.customer, isGranted: false), atMs: nowMs + chance.ms(days: 0, 30))
    }
    if Int(sale.product) % 8 == Catalogue.coffee {
      if chance.happens(120) {
        customers.lives[Int(sale.customer)].isSubscribed = true
        let subscription = Subscription(customer: sale.customer, number: number(), product: sale.product)
        agenda.add(.renew(subscription), atMs: nowMs + chance.ms(days: 0, 30))
      } else {
        begin(.replenish, sale.customer, sale.product, atMs: nowMs + chance.ms(days: 0, 35))
      }
    }
    if chance.happens(350) { begin(.winback, sale.customer, sale.product, atMs: nowMs + chance.ms(days: 0, 50)) }
  }
}
