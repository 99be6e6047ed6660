import Events
import Testing

@Suite("Properties of an event")
struct PropertyTests {
  @Test("are found under their names and other tools' names")
  func aliases() {
    var shop = ShopReader()
    #expect(shop.values("order_id", of: #"{"transaction_id":"T1"}"#) == ["string T1"])
    #expect(shop.values("revenue", of: #"{"value":12.50}"#) == ["number 12.5"])
    #expect(
      shop.values("products.product_id", of: #"{"items":[{"item_id":"a"},{"product_id":"b"}]}"#) == [
        "string a", "string b",
      ])
    #expect(shop.values("order_id", of: #"{"Transaction_id":"T1"}"#).isEmpty, "names of properties have their case")
    #expect(shop.values("order_id", of: #"{"\u006frder_id":"T1"}"#) == ["string T1"])
    #expect(shop.values("value", of: #"{"value":1}"#, event: "begin_checkout") == ["number 1"])
    #expect(shop.values("product_id", of: #"{"item_id":"a"}"#).isEmpty, "an alias within products only")
  }

  @Test("have the value of the canonical name, wherever it stands")
  func canonicalName() {
    var shop = ShopReader()
    #expect(shop.values("order_id", of: #"{"order_id":"o","transaction_id":"t"}"#) == ["string o"])
    #expect(shop.values("order_id", of: #"{"transaction_id":"t","order_id":"o"}"#) == ["string o"])
    #expect(
      shop.values(
        "products.category", of: #"{"items":[{"category":"x"}],"products":[{"item_category":"n","category":"y"}]}"#)
        == ["string y"])
  }

  @Test("have the value of the first alias of the taxonomy, wherever it stands")
  func preferredAlias() {
    var shop = ShopReader()
    #expect(shop.values("order_id", of: #"{"transaction_id":"t","OrderId":"s"}"#) == ["string t"])
    #expect(shop.values("order_id", of: #"{"OrderId":"s","transaction_id":"t"}"#) == ["string t"])
  }

  @Test("that are null or empty are absent: another name of theirs counts")
  func absentCanonicalName() {
    var shop = ShopReader()
    #expect(shop.values("order_id", of: #"{"order_id":null,"transaction_id":"t"}"#) == ["string t"])
    #expect(shop.values("order_id", of: #"{"OrderId":"s","transaction_id":[],"order_id":null}"#) == ["string s"])
    #expect(shop.values("order_id", of: #"{"order_id":"","transaction_id":"t"}"#) == ["string "])
    #expect(shop.values("order_id", of: #"{"order_id":null}"#).isEmpty)
  }

  @Test("have the last of equal keys")
  func duplicateKeys() {
    var shop = ShopReader()
    #expect(shop.values("order_id", of: #"{"order_id":"a","order_id":"b"}"#) == ["string b"])
    #expect(shop.values("order_id", of: #"{"transaction_id":"a","transaction_id":"b"}"#) == ["string b"])
    #expect(shop.values("order_id", of: #"{"order_id":"a","order_id":null}"#).isEmpty)
    #expect(shop.values("order_id", of: #"{"order_id":"a"},"properties":{"order_id":"b"}"#) == ["string b"])
    #expect(shop.values("order_id", of: #"{"order_id":"a"},"properties":7"#).isEmpty)
  }

  @Test("are all values at a path, through arrays")
  func paths() {
    var shop = ShopReader()
    #expect(shop.values("products.category", of: #"{"products":{"category":"a"}}"#) == ["string a"])
    #expect(
      shop.values(
        "products.category",
        of: #"{"products":[[{"category":["a",["b",null]]}],{"category":[]},7,{},{"category":true}]}"#)
        == ["string a", "string b", "yes "])
    #expect(shop.values("products", of: #"{"products":[{},7,[{}],null]}"#) == ["object ", "number 7", "object "])
    #expect(shop.values("order_id.anything", of: #"{"order_id":{"anything":"x"}}"#) == ["string x"])
    #expect(shop.values("anything", of: #"{"anything":"x"}"#) == ["string x"])
    #expect(shop.values("order_id", of: "[{\"order_id\":1}]").isEmpty)
    #expect(shop.values("order_id", of: #"{"order_id":[[[]]]}"#).isEmpty)
  }

  @Test("may be ten thousand at one path")
  func manyValues() {
    var shop = ShopReader()
    let numbers = (0..<10_000).map(String.init)
    #expect(
      shop.values("order_id", of: "{\"order_id\":[\(numbers.joined(separator: ","))]}")
        == numbers.map { "number \($0)" })
  }

  @Test("are read as they are, escapes told")
  func escapes() {
    var shop = ShopReader()
    let escaped = #"{"order_id":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}"#
    #expect(shop.values("order_id", of: escaped) == ["string \"\\/\u{8}\u{c}\n\r\t\u{e9}😀"])
  }

  @Test("that do not fit 64 bits are absent, and counted")
  func overflows() {
    var shop = ShopReader()
    #expect(shop.values("revenue", of: #"{"revenue":[1e30,2,-9223372036854.775809]}"#) == ["number 2"])
    #expect(shop.overflows == 2)
  }

  @Test("of another type than declared are counted by event and property, and kept as they are")
  func wrongTypes() {
    var shop = ShopReader()
    #expect(shop.values("order_id", of: #"{"order_id":7}"#) == ["number 7"])
    let odd = [
      #"{"order_id":true,"revenue":"abc","gift":"true","placed_at":"yesterday"}"#, #"{"revenue":{},"products":7}"#,
      #"{"items":[{"price":"x"},{"item_category":1}],"gift":[true,1]}"#,
    ]
    for properties in odd { _ = shop.values("revenue", of: properties) }
    let right =
      #"{"revenue":"12.5","placed_at":1795197731417,"order_id":null,"gift":[true,[false]],"products":[],"anything":{}}"#
    _ = shop.values("revenue", of: right)
    let told = shop.reader.wrongTypes.map { "\($0.property) \($0.count)" }
    #expect(
      told == [
        "Order Completed: gift 2", "Order Completed: order_id 2", "Order Completed: revenue 2",
        "Order Completed: placed_at 1",
        "Order Completed: products 1", "Order Completed: products.category 1", "Order Completed: products.price 1",
      ])
  }

  @Test("have hashes by which \"7\", \"7.0\" and 7 are three")
  func hashes() {
    var names = PropertyNames()
    var reader = RecordReader(ShopReader.shop, names: &names)
    let path = [names.number(of: "order_id")]
    let text =
      #"{"type":"track","event":"purchase","userId":"u","properties":{"order_id":["7","7.0",7,7.0,70e-1,true,false,"true",""]}}"#
    let hashes = lend(text) { bytes -> [UInt64] in
      guard case .record(let record) = reader.read(bytes) else { return [] }
      var values = Values()
      record.values(at: path, into: &values)
      return (0..<values.count).map { values[$0].hash }
    }
    #expect(hashes.count == 9 && Set(hashes).count == 7 && hashes[2] == hashes[3] && hashes[3] == hashes[4])
    #expect(!hashes.contains(0))
  }

  @Test("whose names only Unicode calls equal are two")
  func unicodeNames() {
    var names = PropertyNames()
    let composed = names.number(of: "caf\u{e9}")
    #expect(names.number(of: "cafe\u{301}") != composed)
    #expect(names.number(of: "caf\u{e9}") == composed)
    #expect(PropertyPath("caf\u{e9}") != PropertyPath("cafe\u{301}"))
  }
}
