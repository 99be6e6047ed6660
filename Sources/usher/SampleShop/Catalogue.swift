/// What the shop sells: 200 products in 8 categories, with their JSON ready to be written.
struct Catalogue: Sendable {
  static let categories = ["coffee", "skincare", "tea", "haircare", "snacks", "home", "apparel", "pets"]
  static let coffee = 0
  static let count = 200

  /// The properties of each product, as the taxonomy names them, without braces.
  let canonical: [[UInt8]]
  /// The same without name and address, for lists of products.
  let short: [[UInt8]]
  /// The properties of each product as GA4 names them, without braces.
  let ga4: [[UInt8]]

  init() {
    canonical = (0..<Self.count).map { product in
      Self.identity(product, id: "product_id", category: "category")
        + Array(",\"name\":\"\(Self.name(product))\",\"url\":\"/p/\(Self.sku(product))\"".utf8)
    }
    short = (0..<Self.count).map { Self.identity($0, id: "product_id", category: "category") }
    ga4 = (0..<Self.count).map { product in
      Self.identity(product, id: "item_id", category: "item_category")
        + Array(",\"item_name\":\"\(Self.name(product))\"".utf8)
    }
  }

  private static func identity(_ product: Int, id: String, category: String) -> [UInt8] {
    let cents = price(product)
    let fraction = cents % 100
    let price = "\(cents / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    return Array(
      "\"\(id)\":\"\(sku(product))\",\"\(category)\":\"\(categories[product % 8])\",\"price\":\(price)".utf8)
  }

  /// The product's id: `sku-000` to `sku-199`.
  static func sku(_ product: Int) -> String {
    let digits = String(product)
    return "sku-" + String(repeating: "0", count: 3 - digits.count) + digits
  }

  /// The price of one piece in cents, from 5.00 to 124.99.
  static func price(_ product: Int) -> Int { 500 + product * 7919 % 12_000 }

  /// What it is called: a quality and a thing of its category.
  static func name(_ product: Int) -> String {
    let place = product / 8
    return "\(qualities[product % 8][place / 5]) \(things[product % 8][place % 5])"
  }

  /// A product that fits a taste: mostly of the favourite category, and the first ones of a category most often.
  static func draw(favourite: Int, _ chance: inout Chance) -> Int {
    let category = chance.happens(600) ? favourite : chance.below(8)
    return min(chance.below(25), chance.below(25)) * 8 + category
  }

  private static let qualities = [
    ["House", "Highland", "Dark", "Decaf", "Single Origin"], ["Gentle", "Night", "Vitamin C", "Mineral", "Calming"],
    ["First Flush", "Smoky", "Wild", "Iced", "Evening"], ["Silk", "Curl", "Daily", "Colour", "Sea Salt"],
    ["Sea Salt", "Smoked", "Honey", "Crunchy", "Spiced"], ["Linen", "Oak", "Stone", "Wool", "Brass"],
    ["Merino", "Organic", "Everyday", "Rain", "Trail"], ["Tasty", "Puppy", "Grain Free", "Indoor", "Senior"],
  ]
  private static let things = [
    ["Blend", "Espresso", "Filter Roast", "Beans 1 kg", "Capsules"], ["Cream", "Serum", "Cleanser", "Mask", "Balm"],
    ["Assam", "Oolong", "Sencha", "Rooibos", "Chai"], ["Shampoo", "Conditioner", "Oil", "Spray", "Brush"],
    ["Almonds", "Crackers", "Bar", "Popcorn", "Olives"], ["Cushion", "Vase", "Throw", "Candle", "Tray"],
    ["Shirt", "Socks", "Hoodie", "Jacket", "Cap"], ["Kibble", "Treats", "Toy", "Bed", "Leash"],
  ]
}
