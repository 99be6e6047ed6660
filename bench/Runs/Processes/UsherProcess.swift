/// `usher run`, started and looked at from outside.
struct UsherProcess {
  let child: Child

  /// What `usher run --json` tells at its end.
  struct Totals {
    let records: Int
    let changes: Int
    let commits: Int
    let seconds: Double
    /// From the first record read.
    let secondsAfterStart: Double
    let processorSeconds: Double
    let peakMebibytes: Int
  }

  /// Starts it on a run's topics.
  init(_ setup: Setup, _ topics: RunTopics, untilEnd: Bool) throws(Failure) {
    var words = [
      "run", "--bootstrap", setup.bootstrap, "--project", setup.project, "--app", topics.app, "--instance", "0",
      "--in", topics.input, "--out", topics.app, "--rejected", topics.rejected, "--json",
    ]
    if untilEnd { words.append("--until-end") }
    words += setup.runOptions.map { word in Self.filled(word, app: topics.app) }
    child = try Child(
      setup.usher, words, output: setup.scratch.file("\(topics.app).json"), log: setup.scratch.file("\(topics.app).log")
    )
  }

  /// Waits until it has taken up all partitions: a group takes some seconds to form.
  func waitUntilItReads() throws(Failure) {
    let endNs = Clock.nowNs() + 120_000_000_000
    while Self.restored(in: try Files.text(child.log)).count < TopicKeeper.partitions {
      try StopAsked.check()
      try child.checkRuns()
      guard Clock.nowNs() < endNs else { throw Failure("usher run has not taken up all partitions after 120 s") }
      Clock.sleep(untilNs: Clock.nowNs() + 20_000_000)
    }
  }

  /// How long it has read the state of its partitions: of several lanes, which read at the same time, the longest.
  func restoringMs() throws(Failure) -> Int64 {
    Self.restored("took_ms", in: try Files.text(child.log)).compactMap { Int64($0) }.max() ?? 0
  }

  /// The partitions that a log says are ready to be read.
  static func restored(in log: String) -> Set<String> {
    Set(restored("partitions", in: log).flatMap { $0.split(separator: ",").map(String.init) })
  }

  /// A field of the lines of a log that say that partitions are ready.
  static func restored(_ field: String, in log: String) -> [String] {
    log.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.contains("restored"), let word = words.first(where: { $0.hasPrefix("\(field)=") }) else { return nil }
      return String(word.dropFirst(field.count + 1))
    }
  }

  /// What it told at its end.
  func totals() throws(Failure) -> Totals {
    let text = try Files.text(child.output)
    func figure(_ name: String) throws(Failure) -> Double {
      guard let figure = Self.figure(name, in: text) else {
        throw Failure("'usher run --json' has not told its '\(name)'")
      }
      return figure
    }
    return Totals(
      records: Int(try figure("records")), changes: Int(try figure("changes")), commits: Int(try figure("commits")),
      seconds: try figure("seconds"), secondsAfterStart: try figure("seconds_after_start"),
      processorSeconds: try figure("cpu_user") + figure("cpu_system"), peakMebibytes: Int(try figure("peak_rss_mib")))
  }

  /// A number of a JSON object that holds nothing but numbers.
  static func figure(_ name: String, in json: String) -> Double? {
    let key = "\"\(name)\":"
    guard let place = json.indices.first(where: { json[$0...].hasPrefix(key) }) else { return nil }
    return Double(json[place...].dropFirst(key.count).prefix { "+-.eE0123456789".contains($0) })
  }

  private static func filled(_ word: String, app: String) -> String {
    let parts = word.split(separator: "{app}", omittingEmptySubsequences: false)
    return parts.joined(separator: app)
  }
}
