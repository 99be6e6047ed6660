import Judge
import Testing

@Suite("gap, followed_by and not_followed_by")
struct FunnelTests {
  private func event(_ name: String, _ timeMs: Int64, _ properties: String = "{}") -> String {
    track(name, at: timeMs, properties)
  }

  @Test("gap keeps events whose predecessor is at least that much older; the first has none")
  func gap() throws {
    let leaf = Condition.event(Leaf(["Product Viewed"], gap: seconds(10)))
    #expect(try !isMember(leaf, [viewed(0)]))
    #expect(try !isMember(leaf, [viewed(0), viewed(9999)]))
    #expect(try changes(leaf, [viewed(0), viewed(10_000)]) == ["10000 entered event(Product Viewed)"])
    #expect(try !isMember(leaf, [viewed(0), viewed(6000), viewed(12_000)]), "each has a predecessor that is too near")
  }

  @Test("A late event between two others takes the gap away")
  func lateIntoGap() throws {
    let leaf = Condition.event(Leaf(["Product Viewed"], gap: seconds(10)))
    #expect(
      try changes(leaf, [viewed(0), viewed(12_000), viewed(5000)])
        == ["12000 entered event(Product Viewed)", "12000 exited event(Product Viewed)"])
  }

  @Test("gap looks at predecessors after where and since, before the window cuts")
  func gapInOrder() throws {
    let tea = [Clause("category", .bare(.string("tea")))]
    let filtered = Condition.event(Leaf(["Product Viewed"], where: tea, gap: seconds(10)))
    let teaFirst = [viewed(0, #"{"category":"tea"}"#), viewed(5000), viewed(11_000, #"{"category":"tea"}"#)]
    #expect(try isMember(filtered, teaFirst))
    let fresh = Condition.event(Leaf(["Product Viewed"], since: Since("Order Completed"), gap: seconds(10)))
    #expect(try !isMember(fresh, [viewed(0), ordered(1000), viewed(20_000)]), "the predecessor is not 'since'")
    let recent = Condition.event(Leaf(["Product Viewed"], gap: seconds(10), window: .within(seconds(3))))
    #expect(
      try changes(recent, [viewed(0), viewed(20_000)], untilMs: 30_000)
        == ["20000 entered event(Product Viewed)", "23000 exited expired"])
  }

  @Test("followed_by wants a later event, equal times by arrival")
  func followedBy() throws {
    let leaf = Condition.event(Leaf(["Product Viewed"], follows: [.by("Order Completed")]))
    #expect(try !isMember(leaf, [ordered(1), viewed(2)]))
    #expect(try changes(leaf, [viewed(1), ordered(5)]) == ["5 entered event(Order Completed)"])
    #expect(try isMember(leaf, [viewed(1), ordered(1)]))
    #expect(try !isMember(leaf, [ordered(1), viewed(1)]))
    #expect(try isMember(leaf, [ordered(9), viewed(3)]), "a late view")
    let again = Condition.event(Leaf(["Product Viewed"], follows: [.by("Product Viewed")]))
    #expect(try !isMember(again, [viewed(1)]), "an event does not follow itself")
    #expect(try isMember(again, [viewed(1), viewed(1)]))
  }

  @Test("not_followed_by is true at once, until such an event comes")
  func notFollowedBy() throws {
    let leaf = Condition.event(Leaf(["Product Viewed"], follows: [.notBy("Order Completed")]))
    #expect(
      try changes(leaf, [viewed(1), ordered(5), viewed(6)]) == [
        "1 entered event(Product Viewed)", "5 exited event(Order Completed)", "6 entered event(Product Viewed)",
      ])
  }

  @Test("within bounds how much later, at most that much")
  func within() throws {
    let leaf = Condition.event(Leaf(["Product Viewed"], follows: [.by("Order Completed", within: seconds(5))]))
    #expect(try isMember(leaf, [viewed(0), ordered(5000)]))
    #expect(try !isMember(leaf, [viewed(0), ordered(5001)]))
    let not = Condition.event(Leaf(["Product Viewed"], follows: [.notBy("Order Completed", within: seconds(5))]))
    #expect(try changes(not, [viewed(0), ordered(5001)]) == ["0 entered event(Product Viewed)"])
    #expect(try !isMember(not, [viewed(0), ordered(5001), ordered(5000)]), "a late order within the bound")
  }

  @Test("same wants a value in common; where either has none, they are not equal")
  func same() throws {
    let leaf = Condition.event(Leaf(["Product Viewed"], follows: [.by("Order Completed", same: "products.id")]))
    func bought(_ seen: String, _ bought: String) throws -> Bool {
      try isMember(leaf, [viewed(1, "{\"products\":\(seen)}"), ordered(2, "{\"products\":\(bought)}")])
    }
    #expect(try bought(#"{"id":"a"}"#, #"[{"id":"b"},{"id":"a"}]"#))
    #expect(try bought(#"[{"id":["a","c"]}]"#, #"[{"id":"c"}]"#))
    #expect(try !bought(#"{"id":"a"}"#, #"{"id":"b"}"#))
    #expect(try !bought(#"{"id":"7"}"#, #"{"id":7}"#))
    #expect(try bought(#"{"id":7.0}"#, #"{"id":7}"#))
    #expect(try !bought("[]", #"{"id":"a"}"#))
    #expect(try !bought("[]", "[]"))
    #expect(try !bought(#"{"id":{}}"#, #"{"id":{}}"#))
    let not = Condition.event(Leaf(["Product Viewed"], follows: [.notBy("Order Completed", same: "id")]))
    #expect(try isMember(not, [viewed(1), ordered(2)]), "without a value none has come that is the same")
  }

  @Test("Only such events follow as satisfy where")
  func filtered() throws {
    let dear = [Clause("revenue", atLeast(10))]
    let leaf = Condition.event(Leaf(["Product Viewed"], follows: [.by("Order Completed", where: dear)]))
    #expect(try !isMember(leaf, [viewed(1), ordered(2, #"{"revenue":9}"#)]))
    #expect(try isMember(leaf, [viewed(1), ordered(2, #"{"revenue":10}"#)]))
  }

  @Test("A funnel reads downwards: a step may want one of its own")
  func nested() throws {
    let bought = Following.by("Checkout Started", .by("Order Completed"))
    let leaf = Condition.event(Leaf(["Product Viewed"], follows: [bought]))
    #expect(try isMember(leaf, [viewed(1), event("Checkout Started", 2), ordered(3)]))
    #expect(try !isMember(leaf, [viewed(1), ordered(2), event("Checkout Started", 3)]))
    let abandoned = Following.by("Checkout Started", same: "id", .notBy("Order Completed", same: "cart"))
    let lost = Condition.event(Leaf(["Product Viewed"], follows: [abandoned]))
    let start = [viewed(1, #"{"id":1}"#), event("Checkout Started", 2, #"{"id":1,"cart":"c"}"#)]
    #expect(try isMember(lost, start + [ordered(3, #"{"cart":"d"}"#)]))
    #expect(try !isMember(lost, start + [ordered(3, #"{"cart":"c"}"#)]))
  }

  @Test("Both may be asked of one event; they come before pick")
  func both() throws {
    let leaf = Condition.event(
      Leaf(["Product Viewed"], follows: [.by("Checkout Started"), .notBy("Order Completed")], pick: .last))
    let lines = [viewed(1000), event("Checkout Started", 2000), viewed(3000)]
    #expect(try isMember(leaf, lines), "the last one that a checkout followed")
    #expect(try !isMember(leaf, lines + [ordered(4000)]))
  }
}
