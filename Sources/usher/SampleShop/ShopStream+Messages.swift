// Messages: sent, opened, clicked, and what they bring.

extension ShopStream {
  /// Sends a message that belongs to no cart, if the person wants any.
  mutating func send(_ campaign: Campaign, to customer: Int32) {
    let life = customers.lives[Int(customer)]
    guard life.isKnown, life.allowsMessages else { return }
    send(Mail(customer: customer, number: number(), campaign: campaign, channel: customers.channel(customer)))
  }

  mutating func send(_ mail: Mail) {
    guard mail.visit < 0 || customers.lives[Int(mail.customer)].orders == visits[mail.visit].orders else {
      visits.remove(mail.visit)
      return
    }
    writeMessage(.sent, mail)
    let opens = mail.campaign == .winback ? 220 : mail.campaign == .newsletter ? 300 : 420
    if chance.happens(opens) {
      agenda.add(.open(mail), atMs: nowMs + chance.ms(seconds: 60, chance.happens(700) ? 7200 : 86_400))
    } else {
      forget(mail)
    }
  }

  mutating func open(_ mail: Mail) {
    writeMessage(.opened, mail)
    if chance.happens(mail.campaign == .newsletter ? 200 : 380) {
      agenda.add(.click(mail), atMs: nowMs + chance.ms(seconds: 4, 120))
    } else {
      forget(mail)
    }
  }

  mutating func click(_ mail: Mail) {
    writeMessage(.clicked, mail)
    if mail.visit >= 0 {
      comeBack(mail.visit)
    } else {
      let deed = Deed.visit(customer: mail.customer, campaign: mail.campaign, product: mail.product)
      agenda.add(deed, atMs: nowMs + chance.ms(seconds: 2, 20))
    }
  }

  private mutating func forget(_ mail: Mail) {
    if mail.visit >= 0 { visits.remove(mail.visit) }
  }
}
