// Records about people: who they are, what they allow, what they are told, what they ask.

extension ShopStream {
  mutating func writeIdentify(_ who: Who) {
    let life = customers.lives[Int(who.customer)]
    let nature = customers.nature(who.customer)
    let home = Customers.cities[Int((nature &>> 28) & 3)]
    line.clear()
    line.put("{\"type\":\"identify\",\"messageId\":\"")
    putRecordNumber()
    line.put("\",")
    putIDs(who)
    line.put(",\"traits\":{\"email\":\"")
    putEmail(who.customer)
    line.put("\",\"phone\":\"")
    putPhone(who.customer, country: home.country)
    line.put("\",\"first_name\":\"")
    line.put(plain: Customers.firstNames[Int((nature &>> 20) & 15)])
    line.put("\",\"last_name\":\"")
    line.put(plain: Customers.lastNames[Int((nature &>> 24) & 15)])
    line.put("\",\"city\":\"")
    line.put(plain: home.city)
    line.put("\",\"country\":\"")
    line.put(plain: home.country)
    line.put("\",\"tier\":\"")
    line.put(life.spentCents > 30_000 ? "gold" : life.spentCents > 10_000 ? "silver" : "bronze")
    line.put("\",\"predicted_ltv\":")
    line.put(cents: Int(life.spentCents) * 3 / 2 + 2000)
    line.put(life.isSubscribed ? ",\"subscribed\":true,\"tags\":[" : ",\"subscribed\":false,\"tags\":[")
    line.put(life.orders > 0 ? "\"buyer\"]" : "\"new\"]")
    end()
  }

  /// A number that is nobody's: those kept for fiction in the United States and in London.
  private mutating func putPhone(_ customer: Int32, country: String) {
    line.put(country == "GB" ? "020 7946 0" : "(415) 555-01")
    line.put(Int(customer) % (country == "GB" ? 1000 : 100), digits: country == "GB" ? 3 : 2)
  }

  mutating func writeConsent(_ customer: Int32, isGranted: Bool) {
    begin("Consent Changed", .server(customer))
    line.put("\"channel\":\"email\",\"granted\":")
    let answer: StaticString = isGranted ? "true" : "false"
    line.put(answer)
    line.put(",\"ad_user_data\":")
    line.put(answer)
    line.put(",\"ad_personalization\":")
    line.put(isGranted && chance.happens(850) ? "true" : "false")
    end()
  }

  mutating func writeSupport(_ sale: Sale, stage: UInt8) {
    begin("Support Case Changed", .server(sale.customer))
    line.put("\"case_id\":\"")
    put("k_", sale.order)
    line.put(",\"status\":\"")
    line.put(stage == 0 ? "open" : stage == 1 ? "pending" : "solved")
    line.put("\",\"topic\":\"")
    line.put(sale.order % 2 == 0 ? "delivery" : "quality")
    line.put("\",\"order_id\":\"")
    put("o_", sale.order)
    end()
  }

  mutating func writeJourneyStep(_ journey: JourneyStep) {
    begin("Journey Step Reached", .server(journey.customer))
    line.put("\"journey\":\"")
    line.put(journey.campaign.name)
    line.put("\",\"step\":")
    line.put(journey.step)
    line.put(",\"channel\":\"")
    line.put(customers.channel(journey.customer).name)
    line.put("\"")
    end()
  }

  /// What happens to a message.
  enum MessageDeed: Sendable {
    case sent, opened, clicked

    fileprivate var name: StaticString {
      switch self {
      case .sent: "Message Sent"
      case .opened: "Message Opened"
      case .clicked: "Message Clicked"
      }
    }

    fileprivate var klaviyoName: StaticString {
      switch self {
      case .sent: "Received Email"
      case .opened: "Opened Email"
      case .clicked: "Clicked Email"
      }
    }
  }

  /// A tenth of those who get email get it by Klaviyo.
  mutating func writeMessage(_ deed: MessageDeed, _ mail: Mail) {
    let isKlaviyo = mail.channel == .email && (customers.nature(mail.customer) &>> 32) % 10 == 0
    begin(isKlaviyo ? deed.klaviyoName : deed.name, .server(mail.customer))
    line.put(isKlaviyo ? "\"$message\":\"" : "\"message_id\":\"")
    put("m_", mail.number)
    line.put(isKlaviyo ? ",\"Campaign Name\":\"" : ",\"campaign\":\"")
    line.put(mail.campaign.name)
    line.put("\",\"channel\":\"")
    line.put(mail.channel.name)
    line.put(isKlaviyo ? "\",\"Subject\":\"" : "\",\"subject\":\"")
    line.put(mail.campaign.subject)
    line.put("\"")
    if deed == .clicked {
      line.put(isKlaviyo ? ",\"URL\":\"/from/" : ",\"url\":\"/from/")
      line.put(mail.campaign.name)
      line.put("\"")
    }
    end()
  }
}

extension Campaign {
  fileprivate var name: StaticString {
    switch self {
    case .newsletter: "newsletter"
    case .cartReminder: "cart-reminder"
    case .replenish: "replenish"
    case .winback: "winback"
    case .onboarding: "onboarding"
    }
  }

  fileprivate var subject: StaticString {
    switch self {
    case .newsletter: "New this week"
    case .cartReminder: "You left something behind"
    case .replenish: "Time for more coffee?"
    case .winback: "We miss you"
    case .onboarding: "Welcome"
    }
  }
}

extension Channel {
  fileprivate var name: StaticString {
    switch self {
    case .email: "email"
    case .sms: "sms"
    case .push: "push"
    }
  }
}
