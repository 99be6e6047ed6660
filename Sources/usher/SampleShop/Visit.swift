/// Somebody in the shop, from the first look to the order, or to the message that brings the cart back to mind.
struct Visit: Sendable {
  /// What comes next.
  enum Step: UInt8, Sendable {
    case look, add, remove, identify, checkOut, pay
  }

  let customer: Int32
  /// Which device it is.
  let device: Int16
  /// Whether the shop knows who it is.
  var isKnown: Bool
  var step = Step.look
  /// How many more products are looked at.
  var looksLeft: UInt8
  /// The product that is looked at.
  var product: UInt8
  /// Whether the person came for that product, and will hardly leave without it.
  let isSet: Bool
  /// Whether a message has brought this cart back already.
  var isReminded = false
  /// How many orders the person had when the visit began.
  let orders: UInt16
  var cart = Cart()
  let cartNumber: UInt32
  /// The number of the order; 0 before there is one.
  var order: UInt32 = 0

  var who: Who { Who(customer: customer, isKnown: isKnown, device: device) }
}

/// Up to four products, each once or more.
struct Cart: Sendable {
  private var products: InlineArray<4, UInt8> = [0, 0, 0, 0]
  private var quantities: InlineArray<4, UInt8> = [0, 0, 0, 0]
  private(set) var count = 0

  init() {}

  /// One piece of one product.
  init(product: UInt8) {
    add(product, quantity: 1)
  }

  var isFull: Bool { count == 4 }
  var isEmpty: Bool { count == 0 }

  func product(_ index: Int) -> UInt8 { products[index] }
  func quantity(_ index: Int) -> UInt8 { quantities[index] }

  mutating func add(_ product: UInt8, quantity: UInt8) {
    products[count] = product
    quantities[count] = quantity
    count += 1
  }

  mutating func removeLast() { count -= 1 }

  /// What all of it costs.
  var cents: Int {
    var sum = 0
    for index in 0..<count { sum += Catalogue.price(Int(products[index])) * Int(quantities[index]) }
    return sum
  }

  /// The first product of a category; nil where there is none.
  func first(ofCategory category: Int) -> UInt8? {
    for index in 0..<count where Int(products[index]) % 8 == category { return products[index] }
    return nil
  }
}

/// Things in numbered places; a place that is free is taken again.
struct Slots<Thing: Sendable>: Sendable {
  private var things: [Thing] = []
  private var free: [Int32] = []

  /// Puts a thing into a free place, and tells which.
  mutating func add(_ thing: Thing) -> Int32 {
    guard let place = free.popLast() else {
      things.append(thing)
      return Int32(things.count - 1)
    }
    things[Int(place)] = thing
    return place
  }

  /// Frees a place.
  mutating func remove(_ place: Int32) { free.append(place) }

  subscript(place: Int32) -> Thing {
    get { things[Int(place)] }
    set { things[Int(place)] = newValue }
  }
}
