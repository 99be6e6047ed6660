import Audiences
import Events
import Testing
import YAML

/// What is read of an audience beside its condition, and of the policy.
struct RightAudienceTests {
  private static let order = "when: { event: Order Completed }\n"

  private static func audience(_ text: String) throws -> AudienceDefinition {
    let (audience, told) = TestProject.audience(order + text + "\n")
    #expect(told == [])
    return try #require(audience)
  }

  private static func policy(_ text: String) throws -> Policy {
    var texts = TestProject.audiences
    texts["topics/taxonomy.yaml"] = TestProject.taxonomy
    texts["ops/traits.yaml"] = TestProject.traits
    texts["ops/policy.yaml"] = text
    let (project, diagnostics) = TestProject.read(texts)
    #expect(diagnostics.map(\.headline) == [])
    return try #require(project).policy
  }

  @Test("Everything that may be said of an audience is read")
  func everything() throws {
    let audience = try Self.audience(
      """
      unless: [purchased-7d, big-spenders]
      hold_for: 30m
      stay_at_most: 14d
      rejoin_after: 7d
      holdout: { percent: 10, salt: cart-2026q4, until: 2026-12-31T00:00:00Z }
      entry: { event: Entered, include: [ltv, cart, tier] }
      exit: { event: Left, include: [orders] }
      to: { ads: [meta, google], warehouse: all, analytics: [segment] }
      retire_on: 2027-03-01
      """)
    #expect(audience.unless == ["purchased-7d", "big-spenders"])
    #expect(audience.holdFor == DurationMs(ms: 1_800_000))
    #expect(audience.stayAtMost == DurationMs(ms: 1_209_600_000))
    #expect(audience.rejoinAfter == DurationMs(ms: 604_800_000))
    #expect(
      audience.holdout
        == Holdout(hundredths: 1000, salt: "cart-2026q4", until: Instant(iso8601: "2026-12-31T00:00:00Z")))
    #expect(audience.entry == Announcement(event: "Entered", include: ["ltv", "cart", "tier"]))
    #expect(audience.exit == Announcement(event: "Left", include: ["orders"]))
    #expect(audience.to == AudienceDestinations(ads: ["meta", "google"], warehouse: .all, analytics: ["segment"]))
    #expect(audience.retireOn == Instant(iso8601: "2027-03-01T00:00:00Z"))
  }

  @Test("Without a word of them there is none of these")
  func defaults() throws {
    let audience = try Self.audience("")
    #expect(audience.unless == [] && audience.holdFor == nil && audience.stayAtMost == nil)
    #expect(audience.rejoinAfter == nil && audience.holdout == nil && audience.retireOn == nil)
    #expect(audience.entry == Announcement() && audience.exit == Announcement())
    #expect(audience.to == AudienceDestinations(ads: [], warehouse: .none, analytics: []) && audience.allowed == [])
  }

  @Test(
    "A holdout's percentage is held in hundredths",
    arguments: [("0", 0), ("0.01", 1), ("10", 1000), ("12.5", 1250), ("100", 10_000), ("1e1", 1000)])
  func percentages(text: String, hundredths: Int) throws {
    let audience = try Self.audience("holdout: { percent: \(text), salt: s }")
    #expect(audience.holdout == Holdout(hundredths: hundredths, salt: "s"))
  }

  @Test("A retirement is a date or an instant with any zone")
  func retirement() throws {
    let zoned = try Self.audience("retire_on: 2027-03-01T02:00:00+02:00")
    #expect(zoned.retireOn == Instant(iso8601: "2027-03-01"))
  }

  @Test("Codes that a file allows are kept, and nothing may go to a warehouse in words too")
  func allowed() throws {
    let audience = try Self.audience("allow: [U001, U012]\nto: { warehouse: none }")
    #expect(audience.allowed == ["U001", "U012"])
    #expect(!audience.toWarehouse)
  }

  @Test("Audiences may name each other in 'unless': eligibility does not depend on it")
  func unlessMakesNoRing() {
    let (project, diagnostics) = TestProject.read([
      "topics/taxonomy.yaml": TestProject.taxonomy, "ops/audiences/a.yaml": Self.order + "unless: [b]\n",
      "ops/audiences/b.yaml": Self.order + "unless: [a]\n",
    ])
    #expect(diagnostics.map(\.headline) == [])
    #expect(project?.audiences.map(\.unless) == [["b"], ["a"]])
  }

  @Test("The whole policy is read")
  func wholePolicy() throws {
    let policy = try Self.policy(
      """
      suppress: { purposes: [seed, measure], audiences: [purchased-7d, big-spenders] }
      groups: { paid-retargeting: [big-spenders, purchased-7d] }
      naming: '^(CI|SUP|SEED|MEAS) \\| .+ \\| .+$'
      limits: { future: 10m, settle: 3s, entries: 500, percentiles_every: 30m }
      """)
    #expect(
      policy.suppression == Suppression(purposes: [.seed, .measure], audiences: ["purchased-7d", "big-spenders"]))
    #expect(policy.groups == [AudienceGroup(name: "paid-retargeting", audiences: ["big-spenders", "purchased-7d"])])
    #expect(policy.naming == #"^(CI|SUP|SEED|MEAS) \| .+ \| .+$"#)
    #expect(policy.future == DurationMs(ms: 600_000) && policy.settle == DurationMs(ms: 3_000))
    #expect(policy.entries == 500 && policy.percentilesEvery == DurationMs(ms: 1_800_000))
  }

  @Test("Several groups keep their order, and an empty policy has the defaults")
  func groups() throws {
    let policy = try Self.policy("groups: { b: [purchased-7d], a: [big-spenders] }\n")
    #expect(policy.groups.map(\.name) == ["b", "a"])
    #expect(try Self.policy("# nothing yet\n") == Policy())
    #expect(Policy().percentilesEvery == DurationMs(ms: 3_600_000))
  }
}
