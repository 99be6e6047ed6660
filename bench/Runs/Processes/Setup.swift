import Glibc
import Kafka

/// What all runs need: the broker, the command, the folder of the audiences, and a folder for what is in between.
struct Setup {
  let bootstrap: String
  let usher: String
  let project: String
  let runOptions: [String]
  let scratch: Scratch
  /// The beginning of all names of this run: no other run has it.
  let name: String

  init(_ arguments: Arguments, run: String) throws(Failure) {
    bootstrap = arguments.text("bootstrap") ?? ""
    usher = arguments.text("usher") ?? ""
    project = arguments.text("project") ?? ""
    runOptions = arguments.words("run-options")
    guard access(usher, X_OK) == 0 else {
      throw Failure("there is no command \(usher)", advice: "'make build' makes it")
    }
    guard access("\(project)/ops", R_OK) == 0 else {
      throw Failure("\(project) is no project folder: it holds no ops/", advice: "give --project DIR")
    }
    scratch = try Scratch()
    name = "usher-bench-\(run)-\(String(UInt64(Clock.wallUs()), radix: 36))"
  }

  /// How to reach the broker.
  var kafkaSettings: KafkaSettings { KafkaSettings(bootstrapServers: bootstrap, clientId: "usher-bench") }

  /// A consumer that hears of the end of a partition soon. Its group has no other member.
  func consumer(group: String) throws(Failure) -> Consumer {
    var settings = kafkaSettings
    settings.properties["fetch.wait.max.ms"] = "100"
    return try kafka { () throws(KafkaError) in try Consumer(settings, ConsumerOptions(group: group)) }
  }

  /// The events of a file, or as many as are asked for of the sample shop.
  func events(_ arguments: Arguments, count: Int) throws(Failure) -> EventFile {
    if let path = arguments.text("events") { return try EventFile(path) }
    let path = scratch.file("events.ndjson")
    Report.tell("telling \(Report.grouped(count)) events of the sample shop")
    let generate = try Child(
      usher, ["generate", "--events", "\(count)", "--out", path], output: "/dev/null", log: scratch.file("generate.log")
    )
    try generate.wait(forMs: 3_600_000)
    return try EventFile(path)
  }
}
