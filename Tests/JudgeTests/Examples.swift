// The judge is held against examples reckoned by hand, rule by rule of the language page.

import Judge

/// The events of the examples.
let shop = Taxonomy(events: [
  KnownEvent("Order Completed", aliases: ["Purchase", "checkout_complete"], unique: "order_id"),
  KnownEvent("Product Viewed"),
  KnownEvent("Checkout Started"),
])

/// A `track` record; its time in milliseconds since 1970.
func track(
  _ event: String, at timeMs: Int64, user: String = "u", id: String? = nil, _ properties: String = "{}"
) -> String {
  let messageId = id.map { ",\"messageId\":\"\($0)\"" } ?? ""
  return """
    {"type":"track","event":"\(event)","userId":"\(user)","timestamp":\(timeMs)\(messageId),"properties":\(properties)}
    """
}

func viewed(_ timeMs: Int64, user: String = "u", _ properties: String = "{}") -> String {
  track("Product Viewed", at: timeMs, user: user, properties)
}

func ordered(_ timeMs: Int64, user: String = "u", _ properties: String = "{}") -> String {
  track("Order Completed", at: timeMs, user: user, properties)
}

/// An event of somebody else, which only moves the clock.
func tick(_ timeMs: Int64) -> String { track("Wishlist Opened", at: timeMs, user: "somebody") }

func verdict(
  _ when: Condition, _ lines: [String], untilMs: Int64? = nil, partitions: Int = 1
) throws -> Verdict {
  try BruteForceJudge([Definition("a", when: when)], taxonomy: shop, partitions: partitions, untilMs: untilMs)
    .verdict(on: lines)
}

/// The changes of profile `u` in one audience: `10 exited expired`.
func changes(_ when: Condition, _ lines: [String], untilMs: Int64? = nil) throws -> [String] {
  try verdict(when, lines, untilMs: untilMs).changes.filter { $0.profile == "u" }
    .map { "\($0.atMs) \($0.kind) \($0.reason)" }
}

/// The changes of profile `u` in several audiences: `10 a exited expired`.
func changes(
  _ definitions: [Definition], traits: [ComputedTrait] = [], policy: Policy = Policy(), _ lines: [String],
  untilMs: Int64? = nil
) throws -> [String] {
  try BruteForceJudge(definitions, traits: traits, policy: policy, taxonomy: shop, untilMs: untilMs)
    .verdict(on: lines).changes.filter { $0.profile == "u" }
    .map { "\($0.atMs) \($0.audience) \($0.kind) \($0.reason)" }
}

/// An `identify` record.
func identify(_ traits: String, at timeMs: Int64, user: String = "u") -> String {
  "{\"type\":\"identify\",\"userId\":\"\(user)\",\"timestamp\":\(timeMs),\"traits\":\(traits)}"
}

/// Whether `u` is a member at the end.
func isMember(_ when: Condition, _ lines: [String], untilMs: Int64? = nil) throws -> Bool {
  try verdict(when, lines, untilMs: untilMs).changes.last { $0.profile == "u" }?.kind == .entered
}

func seconds(_ amount: Int64) -> Span { Span(amount, .seconds) }

func atLeast(_ number: Int64) -> Predicate { Predicate(.atLeast(.whole(number))) }
