public import Audiences
internal import Engine
internal import Events

/// Runs known profiles through the engine, each in a partition of its own, without Kafka and without a wall clock
/// (language, section 2: an expectation is read after all events up to its instant, with all that is due by then done).
public struct ExampleRunner: ~Copyable {
  private let plan: Plan
  private let numbers: [String: Int]
  private let why: StandingReader
  private var reader: RecordReader

  /// A runner for the audiences of a project.
  public init(_ project: Project) {
    plan = Plan(project)
    var names = plan.names
    reader = RecordReader(plan.taxonomy, names: &names)
    let keys = plan.audiences.enumerated().map { ($1.definition.key, $0) }
    numbers = Dictionary(keys) { first, _ in first }
    why = StandingReader(project: project, plan: plan)
  }

  /// What came of every expectation of a profile, in the order of the file.
  public mutating func run(_ profile: KnownProfile) -> ProfileOutcome {
    let instants = Set(profile.expectations.map(\.at)).sorted()
    var verdicts: [(place: Int, verdict: Verdict)] = []
    var run = ExampleRun(plan: plan)
    for instant in instants {
      // Where a late event comes after the instant that is looked at, the log up to that instant is told anew.
      if !profile.isInOrder { run = ExampleRun(plan: plan) }
      run.apply(profile.records, upTo: instant, &reader)
      for (place, expectation) in profile.expectations.enumerated() where expectation.at == instant {
        verdicts.append((place, verdict(on: expectation, run)))
      }
    }
    verdicts.sort { $0.place < $1.place }
    return ProfileOutcome(profile: profile, verdicts: verdicts.map(\.verdict), rejected: run.rejected)
  }

  private borrowing func verdict(on expectation: Expectation, _ run: borrowing ExampleRun) -> Verdict {
    guard let number = numbers[expectation.audience] else { preconditionFailure("the reader knows all audiences") }
    let standing = run.standing(of: expectation.profile)
    let history = run.history.filter { $0.audience == number && $0.profile == expectation.profile }
    let observation = Observation(status: standing?.statuses[number] ?? .out, history: history)
    let differences = observation.differences(from: expectation)
    let explanation = differences.isEmpty ? nil : why.explanation(of: number, standing)
    return Verdict(
      expectation: expectation, observation: observation, differences: differences, explanation: explanation)
  }
}

extension KnownProfile {
  /// Whether the records arrive in the order of their times.
  fileprivate var isInOrder: Bool { zip(records, records.dropFirst()).allSatisfy { $0.at <= $1.at } }
}

/// One profile's way through a partition.
private struct ExampleRun: ~Copyable {
  private let plan: Plan
  private var engine: PartitionEngine
  private var applied = 0
  /// Every change so far, in the order in which it came about.
  private(set) var history: [ObservedChange] = []
  /// The records that no engine would apply.
  private(set) var rejected: [RejectedRecord] = []

  init(plan: Plan) {
    self.plan = plan
    engine = PartitionEngine(plan: plan)
  }

  func standing(of profile: String) -> ProfileStanding? {
    var profile = profile
    return profile.withUTF8 { engine.standing(of: Bytes(UnsafeRawBufferPointer($0))) }
  }

  /// Applies the records up to an instant that have not been applied, and does what is due by then.
  mutating func apply(_ records: [ExampleRecord], upTo instant: Instant, _ reader: inout RecordReader) {
    for record in records.dropFirst(applied) {
      if record.at > instant { continue }
      apply(record, &reader)
    }
    applied = records.prefix { $0.at <= instant }.count
    engine.finish(at: instant)
    drain(cause: .empty)
  }

  private mutating func apply(_ record: ExampleRecord, _ reader: inout RecordReader) {
    let bytes = record.json + [UInt8](repeating: 0, count: RecordReader.padding)
    bytes.withUnsafeBytes { buffer in
      switch reader.read(Bytes(UnsafeRawBufferPointer(rebasing: buffer[..<record.json.count]))) {
      case .record(let read):
        engine.apply(read, at: record.at)
        drain(cause: read.eventName)
      case .skipped: break
      case .rejected(let code): rejected.append(RejectedRecord(line: record.line, code: code))
      }
    }
  }

  private mutating func drain(cause: Bytes) {
    for index in 0..<engine.changes.count {
      history.append(ObservedChange(engine.change(index), in: plan, cause: cause))
    }
    engine.clearChanges()
  }
}
