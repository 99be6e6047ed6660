// What all records have: ids, a time, an end.

extension ShopStream {
  /// Begins a track record, up to its properties.
  mutating func begin(_ name: StaticString, _ who: Who) {
    line.clear()
    line.put("{\"type\":\"track\",\"messageId\":\"")
    putRecordNumber()
    line.put("\",\"event\":\"")
    line.put(name)
    line.put("\",")
    putIDs(who)
    line.put(",\"properties\":{")
  }

  /// Ends the properties and the record.
  mutating func end() { line.put("}}") }

  /// Ends the properties, and adds the person's email before the record ends: a server knows it.
  mutating func end(withEmailOf customer: Int32) {
    line.put("},\"context\":{\"traits\":{\"email\":\"")
    putEmail(customer)
    line.put("\"}}}")
  }

  /// 32 hexadecimal digits that no other record has.
  mutating func putRecordNumber() {
    line.put(hex: chance.next(), digits: 16)
    line.put(hex: chance.next(), digits: 16)
  }

  /// The ids of a person and the time, and where the profile id stands.
  mutating func putIDs(_ who: Who) {
    if who.isKnown {
      line.put("\"userId\":\"")
      let start = line.bytes.count
      putUserID(who.customer)
      profileRange = start..<line.bytes.count
      line.put(who.device >= 0 ? "\",\"anonymousId\":\"" : "\"")
    } else {
      line.put("\"anonymousId\":\"")
    }
    if who.device >= 0 {
      let start = line.bytes.count
      let device = Chance.mixed(customers.nature(who.customer) &+ UInt64(who.device) &* 0x632B_E59B_D9B4_E019)
      line.put(hex: device, digits: 16)
      if !who.isKnown { profileRange = start..<line.bytes.count }
      line.put("\"")
    }
    line.put(",\"timestamp\":\"")
    line.put(instantMs: nowMs)
    line.put("\"")
  }

  /// The user id. Numbers are shuffled, so that the busiest people are not the first ones.
  mutating func putUserID(_ customer: Int32) {
    line.put("u_")
    line.put((Int64(customer) * 7_368_787 + 17) % Int64(plan.profiles) + 1000)
  }

  mutating func putEmail(_ customer: Int32) {
    let nature = customers.nature(customer)
    line.put(plain: Customers.emailNames[Int((nature &>> 20) & 15)])
    line.put(".")
    line.put(plain: Customers.emailNames[Int((nature &>> 24) & 15) + 16])
    line.put(customer)
    line.put("@example.com")
  }

  /// A reference such as `o_100234`.
  mutating func put(_ prefix: StaticString, _ number: UInt32) {
    line.put(prefix)
    line.put(number)
    line.put("\"")
  }
}
