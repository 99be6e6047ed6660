import Events
import Kafka

extension Verb {
  /// Tells the sample shop's events.
  static let generate = Verb(GenerateOptions.declaration, run: runGenerate)
}

/// What `usher generate` takes.
enum GenerateOptions {
  static let events = Option<Int64?>.integer(
    "events", "N", in: 1...1_000_000_000_000, "how many records; without it, 100,000, or as many as the profiles cause")
  static let profiles = Option<Int64?>.integer(
    "profiles", "N", in: 1...50_000_000, "how many people; without it, as many as fit the events and the days")
  static let days = Option.integer("days", "D", in: 1...36_500, default: 30, "how many days of the shop's life")
  static let seed = Option.integer("seed", "S", default: 1, "the same seed gives the same bytes")
  static let start = Option<Instant?>.instant("start", "INSTANT", "when it begins; without it, 2026-01-01")
  static let late = Option.share("late", "SHARE", default: 0, "the share of records that come up to 10 minutes late")
  static let duplicates = Option.share("duplicates", "SHARE", default: 0, "the share of records that come twice")
  static let out = Option.path(
    "out", "FILE|-", default: "-", "the file the records go to, one a line; - is standard output")
  static let topic = Option<String?>.text(
    "topic", "TOPIC", "the Kafka topic the records go to instead, keyed by profile")

  static let declaration = VerbDeclaration(
    name: "generate", summary: "a sample shop's events, by seed",
    details: [
      "Tells the lives of a shop's customers as newline-delimited JSON: visits, carts, orders, messages and what they "
        + "bring, journeys, refunds, disputes, support cases, subscriptions and consent. A share of the records has the "
        + "names that Segment, GA4, Shopify and Klaviyo use, and about a third of the orders is reported twice, by the "
        + "page and by the server.",
      "With --profiles alone the story ends after the days; with --events it ends with the last record.",
    ],
    options: [
      events.declaration, profiles.declaration, days.declaration, seed.declaration, start.declaration,
      late.declaration, duplicates.declaration, out.declaration, topic.declaration,
    ] + Settings.kafkaOptions,
    examples: [
      "usher generate --events 1000000 --out events.ndjson",
      "usher generate --events 1000000 --bootstrap kafka:9092 --topic retention.events",
      "usher generate --profiles 500 --days 60 --late 2% --duplicates 1% | usher backtest --events -",
    ])

  /// The plan that the arguments ask for.
  static func plan(_ arguments: Arguments) -> ShopPlan {
    let days = Int(arguments[days])
    var plan = ShopPlan()
    plan.seed = UInt64(arguments[seed])
    plan.late = arguments[late]
    plan.duplicates = arguments[duplicates]
    if let start = arguments[start] { plan.startMs = start.ms }
    if let profiles = arguments[profiles] {
      plan.profiles = Int(profiles)
      plan.limit = arguments[events].map { Int($0) }
      if plan.limit == nil { plan.endMs = plan.startMs + Int64(days) * 86_400_000 }
    } else {
      let events = Int(arguments[events] ?? 100_000)
      plan.limit = events
      plan.profiles = ShopPlan.profiles(forEvents: events, days: days)
    }
    return plan
  }
}

@Sendable private func runGenerate(_ arguments: Arguments) throws(Failure) -> Int32 {
  if arguments.has(GenerateOptions.topic) && arguments.has(GenerateOptions.out) {
    throw Failure(
      message: "--out and --topic exclude each other", advice: "Give one place for the records to go.", exitCode: 2)
  }
  var shop = ShopStream(GenerateOptions.plan(arguments))
  var progress = Progress()
  let startedMs = Progress.nowMs()
  if let topic = arguments[GenerateOptions.topic] {
    let settings = try Settings(arguments, environment: Terminal.environment).kafkaSettings()
    try write(&shop, to: topic, settings, &progress)
  } else {
    try write(&shop, toFile: arguments[GenerateOptions.out], &progress)
  }
  let took = Figures.seconds(ms: Progress.nowMs() - startedMs)
  progress.finish("\(Figures.grouped(shop.told)) records of \(Figures.grouped(shop.plan.profiles)) people in \(took)")
  return 0
}

private func write(_ shop: inout ShopStream, toFile path: String, _ progress: inout Progress) throws(Failure) {
  do throws(Files.Problem) {
    var file = try OutputFile(path: path)
    while shop.next() {
      try file.add(line: shop.json)
      show(shop, &progress)
    }
    try file.flush()
  } catch {
    throw Failure(error, doing: "write")
  }
}

private func write(
  _ shop: inout ShopStream, to topic: String, _ settings: KafkaSettings, _ progress: inout Progress
) throws(Failure) {
  do throws(KafkaError) {
    let producer = try ShopProducer(settings, topic: topic, timeoutMs: 30_000)
    while shop.next() {
      try producer.produce(shop)
      show(shop, &progress)
    }
    try producer.flush()
  } catch {
    throw Failure(error)
  }
}

/// Shows how far the story has come, every so many records.
private func show(_ shop: borrowing ShopStream, _ progress: inout Progress) {
  guard shop.told & 0x3FFF == 0 else { return }
  let told = shop.told
  let day = Instant(ms: shop.arrivalMs).description.prefix(10)
  progress.update { "\(Figures.grouped(told)) records, at \(day)" }
}
