import Events

/// Which events are meant: names, and what is said of them behind their names.
enum EventWords {
  /// `Order Completed or Order Refunded`
  static func name(_ selector: EventSelector) -> String { Words.list(selector.names, "or") }

  /// `Order Completed (where coupon is known)`
  static func noun(_ selector: EventSelector) -> String { name(selector) + filter(selector.filter) }

  private static func filter(_ tests: [PropertyTest]) -> String {
    tests.isEmpty ? "" : " (where \(such(tests)))"
  }

  /// `coupon is known and revenue is at least 20`
  static func such(_ tests: [PropertyTest]) -> String {
    tests.map { "\($0.path) \(PredicateWords.verb($0.predicate))" }.joined(separator: " and ")
  }

  /// What is said of a query's events behind their name, but for `pick` and `having`.
  ///
  /// The window comes first, though it is looked at last: behind another event's name it would be taken for that one's.
  static func qualities(_ query: EventQuery, since: SinceWords = SinceWords(), withWindow: Bool = false) -> String {
    var parts: [String] = []
    if withWindow, let window = query.window { parts.append(Self.window(window)) }
    if let selector = query.since { parts.append(since.words(selector, isAlone: query.window == nil)) }
    if let gap = query.gap { parts.append("that came at least \(DurationWords.of(gap)) after the one before") }
    if !query.sequels.isEmpty { parts.append(query.sequels.map(sequel).joined(separator: " and ")) }
    return filter(query.events.filter) + parts.map { " " + $0 }.joined()
  }

  /// `followed by an Add to Cart with the same product_id within 1 hour (which in turn was not followed by ..)`
  private static func sequel(_ sequel: Sequel) -> String {
    var text = sequel.isWanted ? "followed by " : "not followed by "
    text += Words.withArticle(noun(sequel.events))
    if let same = sequel.same { text += " with the same \(same)" }
    if let within = sequel.within { text += " within \(DurationWords.of(within))" }
    if !sequel.sequels.isEmpty {
      text += " (which in turn was \(sequel.sequels.map(Self.sequel).joined(separator: " and was ")))"
    }
    return text
  }

  /// `in the last 24 hours`, `2 to 24 hours ago`
  static func window(_ window: Window) -> String {
    window.from.ms == 0
      ? "in the last \(DurationWords.of(window.to))" : "\(DurationWords.of(window.from, to: window.to)) ago"
  }

  /// Some events as a whole, to measure: `Order Completed events in the last 7 days`, `the latest Order Completed`.
  static func events(_ query: EventQuery, since: SinceWords = SinceWords()) -> String {
    let qualities = qualities(query, since: since, withWindow: query.pick == nil)
    guard let pick = query.pick else { return "\(name(query.events)) events\(qualities)" }
    let needs = [query.having.isEmpty ? nil : such(query.having), query.window.map { "it was \(window($0))" }]
    let conditions = needs.compactMap { $0 }
    return "the \(pick.inWords) \(name(query.events))\(qualities)"
      + (conditions.isEmpty ? "" : " (if \(conditions.joined(separator: " and ")))")
  }
}

extension Pick {
  /// `latest`, `first`
  var inWords: String { self == .last ? "latest" : "first" }
}

/// What a sentence has told already, so that `since` need not tell it again.
struct SinceWords {
  /// The latest event of these was told just before.
  var justTold: EventSelector?
  /// All events that were told.
  var told: [EventSelector] = []

  /// `since`, `since the latest such Journey Step Reached`, `since the latest Checkout Started`
  ///
  /// - Parameter isAlone: whether nothing else is said of the time, so that the bare word is clear.
  func words(_ selector: EventSelector, isAlone: Bool) -> String {
    if isAlone, selector == justTold { return "since" }
    let isLong = !selector.filter.isEmpty
    if isLong, told.contains(selector) { return "since the latest such \(EventWords.name(selector))" }
    return "since the latest \(EventWords.noun(selector))"
  }
}
