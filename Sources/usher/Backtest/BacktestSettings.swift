import Events

/// What was asked of the verb, once it has been found to make sense together.
struct BacktestSettings {
  /// The file with the events; `-` is standard input.
  let path: String
  let changes: String?
  let sizes: String?
  let step: DurationMs?
  let until: Instant?
  let partitions: Int
  let isTimed: Bool
  let isStrict: Bool
  let asJSON: Bool
  let wantsSummary: Bool
  let wantsOverlaps: Bool
  /// The project folder whose definitions are compared.
  let against: String?
  /// Where words for people go: beside standard output, where that is taken by lines for programs.
  var words: Terminal

  init(_ arguments: Arguments) throws(Failure) {
    guard let path = arguments[BacktestOptions.events] else {
      throw Failure(message: "--events is missing", advice: "name a file, or - for standard input", exitCode: 2)
    }
    self.path = path
    changes = arguments[BacktestOptions.changes]
    sizes = arguments[BacktestOptions.sizes]
    step = arguments[BacktestOptions.step]
    until = arguments[BacktestOptions.until]
    partitions = Int(arguments[BacktestOptions.partitions])
    isTimed = arguments[BacktestOptions.time]
    isStrict = arguments[BacktestOptions.strict]
    asJSON = arguments[BacktestOptions.json]
    against = arguments[BacktestOptions.against]
    wantsOverlaps = arguments[BacktestOptions.overlaps]
    wantsSummary =
      arguments[BacktestOptions.summary] || wantsOverlaps || (changes == nil && sizes == nil && !isTimed)
    words = changes == "-" || sizes == "-" ? .error : .output
    try check()
  }

  private func check() throws(Failure) {
    if changes == "-" && sizes == "-" {
      throw Failure(
        message: "--changes and --sizes cannot both go to standard output", advice: "name a file for one", exitCode: 2)
    }
    if let step, step.ms <= 0 || sizes == nil {
      throw Failure(
        message: step.ms <= 0 ? "--step must be longer than nothing" : "--step is for --sizes, which is missing",
        advice: "for example: --sizes sizes.csv --step 1h", exitCode: 2)
    }
    let apart = [(isTimed, "--time"), (sizes != nil, "--sizes"), (wantsOverlaps, "--overlaps")]
    if against != nil, let (_, option) = apart.first(where: \.0) {
      throw Failure(
        message: "--against compares two sets of definitions, and \(option) looks at one",
        advice: "leave one of the two out", exitCode: 2)
    }
  }

  func lines() throws(Failure) -> LineReader {
    do throws(InputProblem) {
      return try LineReader(path: path)
    } catch {
      throw Failure(error)
    }
  }

  func next(of lines: inout LineReader) throws(Failure) -> Bytes? {
    do throws(InputProblem) {
      return try lines.next()
    } catch {
      throw Failure(error)
    }
  }

  func readAll(_ lines: inout LineReader) throws(Failure) {
    do throws(InputProblem) {
      try lines.readAll()
    } catch {
      throw Failure(error)
    }
  }

  /// What goes there is read by nobody, and need not be put into words.
  private static let nobody = "/dev/null"

  func outputFile(_ path: String?) throws(Failure) -> OutputFile? {
    guard let path, path != Self.nobody else { return nil }
    do throws(Files.Problem) {
      return try OutputFile(path: path)
    } catch {
      throw Failure(error, doing: "write")
    }
  }
}
