import Audiences
import Events
import Testing
import YAML

/// Files of known profiles: what they become, and what is said of those that are wrong.
struct ExampleReaderTests {
  private static let expectation = "{ at: 2026-11-20T12:00:00Z, audience: vip, status: in }"
  private static let event = "{ at: 2026-11-20T10:00:00Z, event: Order Completed }"

  private static func read(_ text: String, key: String = "vip") throws -> (files: [ExampleFile], told: [Diagnostic]) {
    let texts = [
      "topics/taxonomy.yaml": """
      events:
        Order Completed: { aliases: [purchase], properties: { order_id: string, revenue: number } }
        Product Viewed: {}
      traits: { tier: string }
      """,
      "ops/audiences/vip.yaml": "when: { event: Order Completed }\n",
      "ops/audiences/buyers.yaml": "when: { event: Order Completed, within: 7d }\n",
    ]
    let project = try #require(Project.read(texts: texts).project)
    let (files, told) = project.readExamples(
      contents: ["ops/audiences/\(key).test.yaml": Array(text.utf8), "ops/audiences/vip.yaml": []])
    return (files, told)
  }

  private static func profile(_ events: [String], _ expectations: [String] = [expectation]) throws -> KnownProfile {
    let text = "profiles:\n  ada:\n    events: [\(events.joined(separator: ", "))]\n"
    let (files, told) = try read(text + "    expect: [\(expectations.joined(separator: ", "))]\n")
    #expect(told.isEmpty, "\(told.map(\.description))")
    return try #require(files.first?.profiles.first)
  }

  private static func told(_ event: String = event, _ expectation: String = expectation, key: String = "vip") throws
    -> [String]
  {
    let text = "profiles:\n  ada:\n    events:\n      - \(event)\n    expect:\n      - \(expectation)\n"
    return try read(text, key: key).told.map { $0.description.split(separator: "\n").map(String.init) }.map { lines in
      ([lines[0].replacing("ops/audiences/\(key).test.yaml:", with: "")]
        + lines.dropFirst(3).map { $0.trimmingPrefix("  ") }.map(String.init)).joined(separator: " | ")
    }
  }

  @Test(
    "A form becomes the record that a tool would send",
    arguments: [
      (
        "event: purchase, properties: { revenue: 84.5, order_id: '7' }",
        #""userId":"ada","type":"track","event":"purchase","properties":{"revenue":84.5,"order_id":"7"}}"#
      ),
      ("event: Product Viewed, as: visitor", #""anonymousId":"visitor","type":"track","event":"Product Viewed"}"#),
      ("identify: { tier: null }", #""userId":"ada","type":"identify","traits":{"tier":null}}"#),
      ("identify: {}, was: visitor", #""userId":"ada","type":"identify","traits":{},"anonymousId":"visitor"}"#),
      ("alias: visitor", #""userId":"ada","type":"alias","previousId":"visitor"}"#),
      (
        "page: { path: [a, true, 0x10, .5] }", #""userId":"ada","type":"page","properties":{"path":["a",true,16,0.5]}}"#
      ),
      ("screen: {}, messageId: m_1", #""userId":"ada","type":"screen","properties":{},"messageId":"m_1"}"#),
      ("delete: true", #""userId":"ada","type":"delete"}"#),
      (
        "type: identify, anonymousId: a, traits: { tier: gold }, context: { ip: 1 }",
        #""type":"identify","anonymousId":"a","traits":{"tier":"gold"},"context":{"ip":1}}"#
      ),
      ("type: track, event: Order Completed", #""type":"track","event":"Order Completed","userId":"ada"}"#),
    ])
  func forms(form: String, json: String) throws {
    let record = try #require(try Self.profile(["{ at: 2026-11-20T10:00:00Z, \(form) }"]).records.first)
    let text = String(decoding: record.json, as: UTF8.self)
    #expect(text == #"{"timestamp":"2026-11-20T10:00:00.000Z","# + json)
  }

  @Test("A time after the one before counts from the one before")
  func times() throws {
    let profile = try Self.profile(
      [Self.event, "{ at: +3h, event: Product Viewed }", "{ at: +1d, delete: true }"],
      ["{ at: +0s, status: out }", "{ at: +2h, status: out }", Self.expectation])
    #expect(
      profile.records.map(\.at.description) == [
        "2026-11-20T10:00:00.000Z", "2026-11-20T13:00:00.000Z", "2026-11-21T13:00:00.000Z",
      ])
    #expect(
      profile.expectations.map(\.at.description) == [
        "2026-11-21T13:00:00.000Z", "2026-11-21T15:00:00.000Z", "2026-11-20T12:00:00.000Z",
      ])
  }

  @Test("An expectation says what must be, of whom, and why")
  func expectations() throws {
    let profile = try Self.profile(
      [Self.event],
      [
        "{ at: 2026-11-20, status: out }", "{ at: 2026-11-21, audience: buyers, status: out, event: purchase }",
        "{ at: 2026-11-22, status: out, reason: suppressed, by: buyers, as: visitor, exited: 2026-11-20 }",
      ])
    #expect(profile.name == "ada" && profile.line == 2)
    let (first, second, third) = (profile.expectations[0], profile.expectations[1], profile.expectations[2])
    #expect(first.audience == "vip" && first.profile == "ada" && first.status == .out && first.reason == nil)
    #expect(second.audience == "buyers" && second.reason == .event && second.event == "Order Completed")
    #expect(third.reason == .suppressed && third.by == "buyers" && third.profile == "visitor")
    #expect(third.exited == Instant(iso8601: "2026-11-20"))
  }

  @Test("An id of its own stands for the name")
  func ids() throws {
    let (files, told) = try Self.read(
      "profiles: { held out: { id: u_7, events: [\(Self.event)], expect: [\(Self.expectation)] } }\n")
    #expect(told.isEmpty)
    let profile = try #require(files.first?.profiles.first)
    #expect(profile.name == "held out" && profile.expectations.map(\.profile) == ["u_7"])
    #expect(String(decoding: profile.records[0].json, as: UTF8.self).contains(#""userId":"u_7""#))
  }

  @Test(
    "What is wrong with an event is told with its place and the nearest right word",
    arguments: [
      (
        "{ at: 2026-11-20, event: Order Complete }",
        "4:34: error: unknown event 'Order Complete' | expected an event of topics/taxonomy.yaml "
          + "| did you mean 'Order Completed'?"
      ),
      (
        "{ at: +3h, event: Order Completed }",
        "4:15: error: there is nothing before this that it could come after "
          + "| expected a date or a time, such as 2027-03-01 or 2027-03-01T18:30:00Z"
      ),
      (
        "{ at: 2026-11-20, evnt: Order Completed }",
        "4:27: error: unknown key 'evnt' | expected one of: at, event, identify, alias, page, screen, delete, type, "
          + "properties, as, was, traits, context, userId, anonymousId, previousId, messageId | did you mean 'event'?"
      ),
      (
        "{ at: 2026-11-20 }",
        "4:9: error: nothing says what happens here "
          + "| expected one of: event, identify, alias, page, screen, delete, type"
      ),
      (
        "{ at: 2026-11-20, event: Order Completed, alias: x }",
        "4:51: error: both 'event' and 'alias' stand here | expected one of them"
      ),
      (
        "{ event: Order Completed }",
        "4:9: error: 'at' is missing | expected when: an instant, or '+3h' after the one before"
      ),
      ("{ at: 2026-11-20, delete: false }", "4:35: error: 'delete' is 'false' | expected 'delete: true'"),
      (
        "{ at: 2026-11-20, event: Order Completed, properties: { revenu: 7 } }",
        "4:65: warning: 'revenu' is not declared for 'Order Completed' | expected a property of topics/taxonomy.yaml "
          + "| did you mean 'revenue'?"
      ),
      (
        "{ at: 2026-11-20, identify: { teir: gold } }",
        "4:39: warning: 'teir' is not declared as a trait | expected a trait of topics/taxonomy.yaml "
          + "| did you mean 'tier'?"
      ),
      (
        "{ at: 2026-11-20, event: Order Completed, was: x }",
        "4:51: error: 'was' has no meaning here | expected it only where it goes with 'identify'"
      ),
      (
        "{ at: 2026-11-20, event: Order Completed, properties: { revenue: .inf } }",
        "4:74: error: a value is '.inf' | expected a number that fits 64 bits of millionths"
      ),
      (
        "{ at: 2026-11-20, type: tarck, event: Order Completed }",
        "4:33: error: 'type' is 'tarck' | expected one of: track, page, screen, identify, alias, delete, group "
          + "| did you mean 'track'?"
      ),
      ("{ at: 2026-11-20, type: track }", "4:27: error: a track without 'event' | expected 'event:' with its name"),
    ])
  func wrongEvents(event: String, expected: String) throws {
    #expect(try Self.told(event) == [expected])
  }

  @Test(
    "What is wrong with an expectation is told likewise",
    arguments: [
      (
        "{ at: 2026-11-20, audience: vpi, status: in }",
        "6:37: error: unknown audience 'vpi' | expected the key of an audience, which is its file's name without '.yaml' "
          + "| did you mean 'vip'?"
      ),
      (
        "{ at: 2026-11-20, status: inn }",
        "6:35: error: 'status' is 'inn' | expected one of: out, in, control | did you mean 'in'?"
      ),
      ("{ at: 2026-11-20 }", "6:9: error: 'status' is missing | expected 'status:' one of: out, in, control"),
      (
        "{ at: 2026-11-20, status: in, reason: time }",
        "6:47: error: 'reason' is 'time' | expected one of: deleted, merged, definition, stay, expired, trait, "
          + "event, suppressed, outranked, held_out | did you mean 'expired'?"
      ),
      (
        "{ at: 2026-11-20, status: in, reason: trait, event: Order Completed }",
        "6:61: error: an event is named for the reason 'trait' | expected 'reason: event' with it"
      ),
      (
        "{ at: 2026-11-20, status: out, by: buyers }",
        "6:44: error: 'by' stands without the reason that it belongs to "
          + "| expected 'reason: suppressed' or 'reason: outranked' with it"
      ),
      (
        "{ at: 2026-11-20, status: in, exited: 2026-11-20 }",
        "6:47: error: 'exited' is told of somebody who is in | expected 'entered', or 'status: out'"
      ),
    ])
  func wrongExpectations(expectation: String, expected: String) throws {
    #expect(try Self.told(Self.event, expectation) == [expected])
  }

  @Test("No time is later than one that a record can have")
  func endOfTime() throws {
    let told = try Self.told(Self.event, "{ at: +3000000d, status: in }")
    #expect(told == ["6:15: error: this is after the year 9999 | expected a time that a record can have"])
  }

  @Test("A file that has no audience's name must name one in each expectation")
  func strangeName() throws {
    let told = try Self.told(Self.event, "{ at: 2026-11-20, status: in }", key: "journeys")
    #expect(told.count == 1 && told[0].hasPrefix("6:9: error: 'audience' is missing"))
    #expect(try Self.told(key: "journeys").isEmpty)
  }

  @Test(
    "A file without profiles, or a profile without its parts, is told",
    arguments: [
      ("", "1:1: error: the file is empty"), ("{}\n", "1:1: error: the file has no 'profiles'"),
      ("profiles: []\n", "1:11: error: 'profiles' is an empty list"),
      ("profiles: { ada: { events: [] } }\n", "1:28: error: 'events' is an empty list"),
      ("profiles: { ada: { expect: [\(expectation)] } }\n", "1:13: error: the profile 'ada' has no 'events'"),
      ("profiles: { ada: { events: [\(event)] } }\n", "1:13: error: the profile 'ada' has no 'expect'"),
      ("profile: {}\n", "1:1: error: unknown key 'profile'"),
    ])
  func wrongFiles(text: String, expected: String) throws {
    let (files, told) = try Self.read(text)
    #expect(files.isEmpty)
    #expect(told.contains { $0.headline == "ops/audiences/vip.test.yaml:\(expected)" }, "\(told.map(\.headline))")
  }

  @Test("The words of a condition's leaves come in the order of the plan's decisions, from the end")
  func leafSentences() throws {
    let texts = [
      "topics/taxonomy.yaml": "events: { Order Completed: {}, Product Viewed: {}, Add to Cart: {}, Left: {} }\n",
      "ops/audiences/a.yaml": """
      when:
        all:
          - { event: Product Viewed, count: { at_least: 3 } }
          - not: { any: [{ event: Order Completed, within: 7d }, { event: Add to Cart }] }
          - any: [{ event: Left, within: 1d }, { event: Left, count: { at_least: 2 } }]
      """,
    ]
    let project = try #require(Project.read(texts: texts).project)
    let sentences = project.leafSentences(of: project.audiences[0])
    #expect(sentences.map(\.isWanted) == [true, false, false, true, true])
    #expect(sentences[1].text == "who had no Order Completed in the last 7 days")
    #expect(Plan(project).audiences[0].decisions.count == sentences.count)
  }
}

/// What nobody would write on purpose.
struct HostileExampleTests {
  private static let sample = """
    profiles:
      ada: { events: [{ at: 2026-11-20T10:00:00Z, event: Order Completed, properties: { revenue: 1.5, tags: [a, {b: 1}] } },
        { at: +3h, identify: { tier: ~ }, was: x }, { at: +1d, delete: true }], expect: [{ at: +2h, status: out,
        reason: suppressed, by: vip, as: x }, { at: 2026-11-20, status: in, entered: 2026-11-20 }] }
    """

  @Test("A file with its bytes in disorder is read, or refused in words, and nothing else happens")
  func disorder() throws {
    let texts = [
      "topics/taxonomy.yaml":
        "events: { Order Completed: { properties: { revenue: number } } }\ntraits: { tier: string }\n",
      "ops/audiences/vip.yaml": "when: { event: Order Completed }\n",
    ]
    let project = try #require(Project.read(texts: texts).project)
    var generator = SystemRandomNumberGenerator()
    let marks = Array("{}[]:,'\"-+~ \n#09aT".utf8)
    for _ in 0..<3_000 {
      var bytes = Array(Self.sample.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let at = bytes.indices.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0...2, using: &generator) {
        case 0: bytes.remove(at: at)
        case 1: bytes.insert(marks.randomElement(using: &generator) ?? 0x20, at: at)
        default: bytes[at] = UInt8.random(in: 0...255, using: &generator)
        }
      }
      let (files, told) = project.readExamples(contents: ["ops/audiences/vip.test.yaml": bytes])
      #expect(files.isEmpty == told.hasErrors, "\(String(decoding: bytes, as: UTF8.self))")
    }
  }
}
