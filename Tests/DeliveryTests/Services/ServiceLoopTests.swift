import Delivery
import Events
import HTTPTestSupport
import Kafka
import Synchronization
import Testing

@Suite("A loop that delivers to a service, on an embedded cluster")
struct ServiceLoopTests {
  private let cluster: EmbeddedCluster
  private let topic = "audience.analytics"
  private let dead = "audience.d.dead"

  init() throws {
    cluster = try EmbeddedCluster()
    try cluster.createTopic(topic, partitionCount: 2)
    try cluster.createTopic(dead, partitionCount: 2)
  }

  private func write(_ values: [String]) throws {
    let producer = try Producer(cluster.settings)
    let written = try producer.topic(topic, timeoutMs: 10_000)
    for value in values {
      // A profile's records lie in one partition.
      let user = JSON(bytes: Array(value.utf8)).userId.text ?? "none"
      let (key, value) = (Array(user.utf8), Array(value.utf8))
      try producer.produce(written, key: key.span.bytes, value: value.span.bytes)
    }
    try producer.flush(timeoutMs: 30_000)
    producer.close(timeoutMs: 10_000)
  }

  private func entries(_ numbers: ClosedRange<Int>) -> [String] {
    numbers.map { TestChange("entered", "p\($0)", seq: 1).json }
  }

  /// Sessions are short: the embedded cluster lets nobody join for a session's time after a member left.
  private func settings(app: String = "test-\(UInt64.random(in: 0...UInt64.max))") -> DeliverySettings {
    var settings = DeliverySettings(group: DeliverySettings.group(app: app, destination: "d"), topic: topic)
    settings.untilEnd = true
    settings.batchRecords = 10
    settings.deadTopic = dead
    settings.sessionTimeoutMs = 6000
    return settings
  }

  private func deliver(
    to receiver: Receiver, _ settings: DeliverySettings, showing show: ((String) -> Void)? = nil,
    shouldStop: @escaping () -> Bool = { false }, tell: @escaping (DeliveryEvent) -> Void = { _ in }
  ) throws -> DeliveryCounts {
    let yaml = "kind: webhook\nurl: \(receiver.server.url)/hook\nsecret: env:THE_SECRET\nrequest_items: 5\n"
    return try deliver(try declaration(yaml), settings, show, shouldStop, tell)
  }

  private func deliver<Declaration: ServiceDeclaration>(
    _ declaration: Declaration, _ settings: DeliverySettings, _ show: ((String) -> Void)?,
    _ shouldStop: @escaping () -> Bool, _ tell: @escaping (DeliveryEvent) -> Void
  ) throws -> DeliveryCounts {
    let loop = try DeliveryLoop(
      to: try declaration.open("d", places, showing: show, shouldStop: shouldStop), settings, kafka: cluster.settings,
      shouldStop: shouldStop, tell: tell)
    return try loop.run()
  }

  private func committed(_ settings: DeliverySettings) throws -> Int64 {
    let consumer = try Consumer(cluster.settings, ConsumerOptions(group: settings.group))
    defer { consumer.close(timeoutMs: 10_000) }
    let partitions = (0..<2).map { TopicPartition(settings.topic, $0) }
    return try consumer.committed(partitions, timeoutMs: 10_000).values.reduce(0, +)
  }

  /// All dead letters: key, value and headers.
  private func letters() throws -> [(key: String, value: String, headers: [String: String])] {
    let consumer = try Consumer(cluster.settings, ConsumerOptions(group: "reader-\(UInt64.random(in: 0...UInt64.max))"))
    defer { consumer.close(timeoutMs: 10_000) }
    try consumer.assign((0..<2).map { (TopicPartition(dead, $0), .beginning) })
    var (letters, ended) = ([(key: String, value: String, headers: [String: String])](), 0)
    while ended < 2 {
      switch try consumer.poll(timeoutMs: 1000) {
      case .message(let message):
        var headers: [String: String] = [:]
        for header in message.headers {
          headers[header.name] = header.value.map { String(decoding: $0, as: UTF8.self) }
        }
        let (key, value) = (message.key.map(Array.init) ?? [], message.value.map(Array.init) ?? [])
        letters.append((String(decoding: key, as: UTF8.self), String(decoding: value, as: UTF8.self), headers))
      case .endOfPartition: ended += 1
      default: break
      }
    }
    return letters
  }

  @Test("goes on where the group's offsets are, and begins with the oldest record where there are none")
  func offsets() throws {
    try write(entries(1...25))
    let receiver = Receiver(form: "list", most: 5)
    defer { receiver.server.stop() }
    let settings = settings()
    #expect(try deliver(to: receiver, settings).changes == 25)
    #expect(try committed(settings) == 25)
    try write(entries(26...30))
    let counts = try deliver(to: receiver, settings)
    #expect(counts.changes == 5 && counts.repeats == 0)
    #expect(receiver.once.count == 30 && receiver.complaints.all.isEmpty)
    let all = receiver.server.requests.reduce(0) { $0 + (JSON(bytes: $1.body).list?.count ?? 0) }
    #expect(all == 30, "nothing was sent twice")
  }

  @Test("waits while the service fails, as long as it says, and loses and repeats nothing")
  func failing() throws {
    try write(entries(1...25))
    let script = Script([.ok, .answer(503), .cutWithin, .answer(429, headers: ["Retry-After": "1"]), .ok])
    let receiver = Receiver(form: "list", most: 5) { _ in script.next() }
    defer { receiver.server.stop() }
    var waits: [Int] = []
    let settings = settings()
    let counts = try deliver(to: receiver, settings, tell: { if case .waiting(_, let ms) = $0 { waits.append(ms) } })
    #expect(counts.changes == 25 && receiver.once.count == 25 && receiver.complaints.all.isEmpty)
    #expect(waits.count == 3 && waits[2] >= 1000)
    #expect(try committed(settings) == 25)
  }

  @Test("repeats a batch at most where it dies before it commits, with the same keys")
  func crash() throws {
    try write(entries(1...25))
    let settings = settings()
    let script = Script([.ok, .answer(401), .ok])
    let receiver = Receiver(form: "list", most: 5) { _ in script.next() }
    defer { receiver.server.stop() }
    #expect(throws: DeliveryError.self) { try deliver(to: receiver, settings) }
    #expect(try committed(settings) == 0)
    #expect(try deliver(to: receiver, settings).changes == 25)
    #expect(receiver.once.count == 25 && receiver.complaints.all.isEmpty)
    let sent = receiver.server.requests.flatMap { JSON(bytes: $0.body).list?.map { $0.messageId.text ?? "" } ?? [] }
    #expect(sent.count == 35, "ten were sent twice")
    #expect(Set(sent).count == 25)
  }

  @Test("puts what can never be delivered aside as it came, and sends it again when it is told to")
  func deadLetters() throws {
    try write(entries(1...4) + [TestChange("entered", "mallory", seq: 1).json, "no JSON"] + entries(5...8))
    let isCured = Mutexed(false)
    let receiver = Receiver(form: "list", most: 5) { request in
      request.text.contains("mallory") && !isCured.value ? .answer(422, body: "mallory? no") : .ok
    }
    defer { receiver.server.stop() }
    let first = settings()
    let counts = try deliver(to: receiver, first)
    #expect(counts.changes == 8 && counts.rejected == 2)
    #expect(try committed(first) == 10)
    let letters = try letters().sorted { $0.key < $1.key }
    try #require(letters.map(\.key) == ["mallory", "none"])
    #expect(letters[0].value == TestChange("entered", "mallory", seq: 1).json && letters[1].value == "no JSON")
    #expect(letters[0].headers["usher.reason"] == "the service refused it")
    #expect(letters[0].headers["usher.answer"] == "422 ***? no")
    #expect(letters[1].headers["usher.reason"] == "it is not JSON" && letters[1].headers["usher.answer"] == "")
    for letter in letters {
      #expect(letter.headers["usher.topic"] == topic && Int(letter.headers["usher.partition"] ?? "") != nil)
    }
    isCured.value = true
    var again = first
    again.redrive(app: "test-\(UInt64.random(in: 0...UInt64.max))", destination: "d")
    let redriven = try deliver(to: receiver, again)
    #expect(redriven.changes == 1 && redriven.rejected == 1)
    #expect(receiver.once.filter { $0 == "mallory entered 1" }.count == 1 && receiver.once.count == 9)
    // What failed again is put aside again, and still says where it came from first.
    let last = try self.letters().filter { $0.value == "no JSON" }
    #expect(last.count == 2 && last[0].headers == last[1].headers)
    #expect(try committed(again) == 2, "the letters that were there, and no others")
  }

  @Test("in a dry run shows what would be sent from where the group stands, and changes nothing")
  func dryRun() throws {
    try write(entries(1...3) + ["no JSON"])
    let receiver = Receiver(form: "list", most: 5)
    defer { receiver.server.stop() }
    var (settings, shown) = (settings(), "")
    settings.isDryRun = true
    let counts = try deliver(to: receiver, settings, showing: { shown += $0 })
    #expect(counts.changes == 3 && counts.rejected == 1)
    for number in 1...3 { #expect(shown.contains("\"userId\":\"p\(number)\"")) }
    #expect(!shown.contains(Standards.secret))
    #expect(try receiver.server.requests.isEmpty && committed(settings) == 0 && letters().isEmpty)
  }

  @Test("stops soon while a service does not answer, and what it had is delivered next time", .timeLimit(.minutes(1)))
  func stopping() throws {
    try write(entries(1...3))
    let (settings, isStopping) = (settings(), Mutexed(false))
    let script = Script([.silence, .ok])
    let receiver = Receiver(form: "list", most: 5) { _ in
      isStopping.value = true
      return script.next()
    }
    defer { receiver.server.stop() }
    let counts = try deliver(to: receiver, settings, shouldStop: { isStopping.value })
    #expect(counts.changes == 0)
    #expect(try committed(settings) == 0)
    isStopping.value = false
    #expect(try deliver(to: receiver, settings).changes == 3)
    #expect(receiver.once.count == 3)
  }

  @Test("sends nobody's email, phone number or name, of whatever record, in any byte")
  func personal() throws {
    var change = TestChange("entered", "ada", seq: 1)
    change.traits = #","traits":{"email":"ada@example.com","phone":"+14155550132","firstName":"Lovelace"}"#
    change.included = #","email":"ada@example.com","name":"Lovelace","phone":"(415) 555-0132""#
    try write([change.json, erasure(of: "ada"), "ada@example.com Lovelace +14155550132"])
    for kind in ["webhook", "segment"] {
      let server = StandInServer { _ in .answer(400, body: "ada@example.com? Lovelace, 415 555 0132!") }
      defer { server.stop() }
      let secret = kind == "webhook" ? "secret" : "write_key"
      let yaml = "kind: \(kind)\nurl: \(server.url)/\n\(secret): env:THE_SECRET\n"
      var settings = settings()
      settings.untilEnd = true
      _ = try deliver(try declaration(yaml), settings, nil, { false }, { _ in })
      #expect(!server.requests.isEmpty)
      for request in server.requests { Self.expectNothingPersonal(String(decoding: request.bytes, as: UTF8.self)) }
    }
    for letter in try letters() { Self.expectNothingPersonal(letter.headers.description) }
  }

  private static func expectNothingPersonal(_ text: String) {
    for word in ["ada@example.com", "example.com", "Lovelace", "5550132", "555-0132", "555 0132"] {
      #expect(!text.contains(word))
    }
  }
}

/// A value that two threads look at.
private final class Mutexed: Sendable {
  private let state: Mutex<Bool>

  init(_ value: Bool) { state = Mutex(value) }

  var value: Bool {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}
