import Testing
import YAML

/// What somebody meant to write.
struct NearestWordTests {
  private static let words = ["event", "where", "within", "between", "count", "sum", "at_least", "at_most"]

  @Test(
    "A slip of one or two letters finds its word",
    arguments: [
      ("evnt", "event"), ("evetn", "event"), ("wihtin", "within"), ("WITHIN", "within"), ("at_lest", "at_least"),
      ("betwen", "between"), ("summ", "sum"), ("atleast", "at_least"), ("cuont", "count"),
    ])
  func slips(word: String, meant: String) {
    #expect(NearestWord.of(word, among: Self.words) == meant)
  }

  @Test("A word that is like none finds none", arguments: ["", "purchase", "x", "evaluation", "abc"])
  func unlike(word: String) {
    #expect(NearestWord.of(word, among: Self.words) == nil)
  }

  @Test("Of equally near words the first one wins")
  func ties() {
    #expect(NearestWord.of("bat", among: ["cat", "hat"]) == "cat")
  }

  @Test("A word of a million letters costs nothing")
  func huge() {
    let word = String(repeating: "e", count: 1_000_000)
    #expect(NearestWord.of(word, among: Self.words + [word + "x"]) == nil)
  }

  @Test("A vocabulary knows what other languages call its words")
  func synonyms() {
    let vocabulary = Vocabulary(["at_least"], later: ["average"], meant: [">=": "at_least", "minimum": "at_least"])
    #expect(vocabulary.nearest(to: ">=") == "at_least")
    #expect(vocabulary.nearest(to: "minimun") == "at_least")
    #expect(vocabulary.nearest(to: "avarage") == "average")
  }
}
