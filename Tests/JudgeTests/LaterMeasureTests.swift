import Judge
import Testing

@Suite("average, distinct, favorite and by")
struct LaterMeasureTests {
  private func leaf(_ measure: Measure?, by: String? = nil, window: Window? = nil) -> Condition {
    .event(Leaf(["Product Viewed"], window: window, by: by, measure: measure))
  }

  private func holds(_ measure: Measure?, by: String? = nil, _ properties: [String]) throws -> Bool {
    let lines = properties.enumerated().map { viewed(Int64($0.offset), $0.element) }
    return try isMember(leaf(measure, by: by), lines)
  }

  @Test("average looks at each number, rounded to millionths, ties away from zero")
  func average() throws {
    func average(_ properties: [String], is millionths: Int64) throws -> Bool {
      try holds(.average(of: "p", is: .bare(.number(millionths))), properties)
    }
    #expect(try average([#"{"p":[1,2]}"#, #"{"p":"4.5"}"#, #"{"p":"x"}"#, "{}"], is: 2_500_000))
    #expect(try average([#"{"p":0.000001}"#, #"{"p":0}"#], is: 1))
    #expect(try average([#"{"p":-0.000001}"#, #"{"p":0}"#], is: -1))
    #expect(try average([#"{"p":[1,0,0]}"#], is: 333_333))
    #expect(try average([#"{"p":[2,0,0]}"#], is: 666_667))
    let big = #"{"p":9223372036854.775807}"#
    #expect(try average([big, big, big], is: .max), "the sum is exact, not clamped")
    #expect(try !holds(.average(of: "p", is: Predicate(.atMost(.whole(9)))), ["{}"]))
    #expect(try holds(.average(of: "p", is: Predicate(.exists(false))), ["{}"]))
  }

  @Test("distinct counts different values; of nothing it is 0; \"7\", \"7.0\" and 7 are three")
  func distinct() throws {
    func distinct(_ properties: [String], is count: Int64) throws -> Bool {
      try holds(.distinct(of: "p", is: .bare(.whole(count))), properties)
    }
    #expect(try distinct([#"{"p":"7"}"#, #"{"p":"7.0"}"#, #"{"p":7}"#, #"{"p":7.0}"#], is: 3))
    #expect(try distinct([#"{"p":["a","b","a"]}"#, #"{"p":"b"}"#, #"{"p":true}"#], is: 3))
    #expect(try distinct(["{}", #"{"p":{}}"#, #"{"p":null}"#, #"{"p":1e30}"#], is: 0))
  }

  @Test("favorite is the value in most events, once per event")
  func favorite() throws {
    func favorite(_ properties: [String], is wanted: Operand) throws -> Bool {
      try holds(.favorite(of: "p", is: .bare(wanted)), properties)
    }
    let tea = #"{"p":"tea"}"#
    #expect(try favorite([tea, tea, #"{"p":["cup","cup","cup"]}"#], is: .string("tea")))
    #expect(try favorite([tea, #"{"p":"cup"}"#], is: .string("cup")), "a tie: the newer one")
    #expect(try favorite([#"{"p":"cup"}"#, tea, #"{"p":["tea","cup"]}"#], is: .string("cup")), "then the smaller")
    #expect(try favorite([#"{"p":7}"#, #"{"p":7.0}"#, #"{"p":"7"}"#], is: .whole(7)))
    #expect(try favorite([#"{"p":["10",9]}"#], is: .string("10")), "numbers as their digits")
    #expect(try holds(.favorite(of: "p", is: Predicate(.exists(false))), [#"{"p":{}}"#, "{}"]))
  }

  @Test("favorite: a late event is not the latest one")
  func lateFavorite() throws {
    let wanted = leaf(.favorite(of: "p", is: .bare(.string("a"))))
    #expect(try !isMember(wanted, [viewed(5, #"{"p":"b"}"#), viewed(3, #"{"p":"a"}"#)]))
    #expect(try isMember(wanted, [viewed(5, #"{"p":"b"}"#), viewed(5, #"{"p":"a"}"#)]))
  }

  @Test("by measures each value apart, and is true where it is true for any")
  func by() throws {
    let twice = Measure.count(atLeast(2))
    #expect(try !holds(twice, by: "p", [#"{"p":"a"}"#, #"{"p":"b"}"#]))
    #expect(try holds(twice, by: "p", [#"{"p":"a"}"#, #"{"p":["b","a"]}"#]))
    #expect(try !holds(twice, by: "p", [#"{"p":"7"}"#, #"{"p":7}"#]))
    let ten = Measure.sum(of: "n", times: nil, is: atLeast(10))
    #expect(try !holds(ten, by: "p", [#"{"p":"a","n":9}"#, #"{"p":"b","n":9}"#]))
    #expect(try holds(ten, by: "p", [#"{"p":"a","n":9}"#, #"{"p":["a","b"],"n":1}"#]))
  }

  @Test("by without any value is false, even for a count of nothing")
  func byNothing() throws {
    #expect(try !holds(.count(.bare(.whole(0))), by: "p", ["{}", #"{"p":{}}"#]))
    #expect(try !holds(nil, by: "p", ["{}"]))
    #expect(try holds(nil, by: "p", [#"{"p":0}"#]))
    #expect(try !isMember(leaf(.sum(of: "n", times: nil, is: .bare(.whole(0))), by: "p"), [ordered(1)]))
  }

  @Test("by looks at the values that the window leaves")
  func byInWindow() throws {
    let few = leaf(.count(Predicate(.atMost(.whole(1)))), by: "p", window: .within(seconds(10)))
    let lines = [viewed(0, #"{"p":"a"}"#), viewed(5000, #"{"p":"a"}"#)]
    #expect(
      try changes(few, lines, untilMs: 20_000) == [
        "0 entered event(Product Viewed)", "5000 exited event(Product Viewed)", "10000 entered expired",
        "15000 exited expired",
      ])
  }
}
