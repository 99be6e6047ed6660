// Records about products, carts, checkouts and orders, in the dialect of the person's device.

extension ShopStream {
  /// What is done with one product.
  enum ProductDeed: Sendable {
    case look, add, remove

    fileprivate func name(_ dialect: Dialect) -> StaticString {
      switch (self, dialect) {
      case (.look, .ga4): "view_item"
      case (.look, _): "Product Viewed"
      case (.add, .ga4): "add_to_cart"
      case (.add, .segment): "Product Added"
      case (.add, .canonical): "Add to Cart"
      case (.remove, .ga4): "remove_from_cart"
      case (.remove, .segment): "Product Removed"
      case (.remove, .canonical): "Remove from Cart"
      }
    }
  }

  mutating func writeProduct(_ deed: ProductDeed, _ product: UInt8, _ quantity: UInt8, _ visit: Visit) {
    let dialect = customers.dialect(visit.customer)
    begin(deed.name(dialect), visit.who)
    if dialect == .ga4 {
      line.put("\"currency\":\"USD\",\"value\":")
      line.put(cents: Catalogue.price(Int(product)) * Int(quantity))
      line.put(",\"items\":[{")
      line.put(catalogue.ga4[Int(product)])
      line.put(",\"quantity\":")
      line.put(quantity)
      line.put("}]")
    } else if deed == .look {
      line.put(catalogue.canonical[Int(product)])
      line.put(",\"currency\":\"USD\"")
    } else {
      line.put("\"cart_id\":\"")
      put("c_", visit.cartNumber)
      line.put(",")
      line.put(catalogue.short[Int(product)])
      line.put(",\"quantity\":")
      line.put(quantity)
      line.put(",\"currency\":\"USD\"")
    }
    end()
  }

  mutating func writeCheckout(_ visit: Visit) {
    let isGA4 = customers.dialect(visit.customer) == .ga4
    begin(isGA4 ? "begin_checkout" : "Checkout Started", visit.who)
    if !isGA4 {
      line.put("\"cart_id\":\"")
      put("c_", visit.cartNumber)
      line.put(",")
    }
    line.put("\"value\":")
    line.put(cents: visit.cart.cents)
    line.put(",\"currency\":\"USD\",")
    putProducts(visit.cart, isGA4 ? "items" : "products", isGA4 ? catalogue.ga4 : catalogue.short)
    end()
  }

  mutating func writeOrder(_ order: UInt32, _ cart: Cart, _ who: Who, _ dialect: Dialect) {
    let isGA4 = dialect == .ga4
    let discount = Self.discountCents(order, cart)
    begin(isGA4 ? "purchase" : "Order Completed", who)
    line.put(isGA4 ? "\"transaction_id\":\"" : "\"order_id\":\"")
    put("o_", order)
    line.put(isGA4 ? ",\"value\":" : ",\"revenue\":")
    line.put(cents: cart.cents - discount)
    if !isGA4 {
      line.put(",\"margin\":")
      line.put(cents: (cart.cents - discount) * 38 / 100)
      line.put(",\"discount\":")
      line.put(cents: discount)
    }
    line.put(",\"currency\":\"USD\",")
    putProducts(cart, isGA4 ? "items" : "products", isGA4 ? catalogue.ga4 : catalogue.short)
    end()
  }

  /// The order as Shopify's webhook tells it; amounts are text there.
  mutating func writeServerOrder(_ visit: Visit) {
    let discount = Self.discountCents(visit.order, visit.cart)
    begin("orders/create", .server(visit.customer))
    line.put("\"order_id\":\"")
    put("o_", visit.order)
    line.put(",\"subtotal_price\":\"")
    line.put(cents: visit.cart.cents - discount)
    line.put("\",\"total_discounts\":\"")
    line.put(cents: discount)
    line.put("\",\"currency\":\"USD\",")
    putProducts(visit.cart, "line_items", catalogue.short)
    end(withEmailOf: visit.customer)
  }

  mutating func writeRefund(_ sale: Sale) {
    let isWhole = chance.happens(650)
    begin("Order Refunded", .server(sale.customer))
    line.put("\"refund_id\":\"")
    put("r_", sale.order)
    line.put(",\"order_id\":\"")
    put("o_", sale.order)
    line.put(",\"amount\":")
    line.put(cents: isWhole ? Int(sale.cents) : Int(sale.cents) / 2)
    line.put(",\"currency\":\"USD\",\"reason\":\"")
    line.put(isWhole ? "returned" : "damaged")
    line.put("\"")
    end()
  }

  mutating func writeDispute(_ sale: Sale) {
    begin("Payment Disputed", .server(sale.customer))
    line.put("\"dispute_id\":\"")
    put("d_", sale.order)
    line.put(",\"order_id\":\"")
    put("o_", sale.order)
    line.put(",\"amount\":")
    line.put(cents: Int(sale.cents))
    line.put(",\"currency\":\"USD\",\"reason\":\"")
    line.put(chance.happens(500) ? "fraudulent" : "product_not_received")
    line.put("\"")
    end()
  }

  mutating func writeSubscription(_ subscription: Subscription, isStart: Bool) {
    begin(isStart ? "Subscription Started" : "Subscription Cancelled", .server(subscription.customer))
    line.put("\"subscription_id\":\"")
    put("s_", subscription.number)
    line.put(",\"plan\":\"coffee-monthly\",")
    line.put(catalogue.short[Int(subscription.product)])
    line.put(isStart ? ",\"currency\":\"USD\",\"interval_days\":30" : ",\"currency\":\"USD\",\"reason\":\"too_much\"")
    end()
  }

  /// Every seventh order has ten per cent off.
  static func discountCents(_ order: UInt32, _ cart: Cart) -> Int {
    order % 7 == 0 ? cart.cents / 10 : 0
  }

  private mutating func putProducts(_ cart: Cart, _ name: StaticString, _ products: [[UInt8]]) {
    line.put("\"")
    line.put(name)
    line.put("\":[")
    for index in 0..<cart.count {
      line.put(index == 0 ? "{" : ",{")
      line.put(products[Int(cart.product(index))])
      line.put(",\"quantity\":")
      line.put(cart.quantity(index))
      line.put("}")
    }
    line.put("]")
  }
}
