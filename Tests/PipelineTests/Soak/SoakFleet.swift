import Foundation
import KafkaTestSupport

/// The processes of a soak. Whoever ends by itself is started again, as a supervisor would.
final class SoakFleet {
  /// A process, which of the application's it is, and in which folder it keeps its profiles.
  struct Member {
    var number: Int
    var folder: Int
    var process: UsherProcess
  }

  private(set) var members: [Member] = []
  private let settings: SoakSettings
  private let topics: RealTopics
  private let project: ProjectFolder
  private let bootstrap: String
  private let root: String
  private let diary: SoakDiary
  private var starts = 0

  static let processes = 2
  /// So long a process may take to end that was asked to, while brokers are away or slow.
  private static let endLimitSeconds = 90

  init(
    _ settings: SoakSettings, _ topics: RealTopics, _ project: ProjectFolder, bootstrap: String, root: String,
    _ diary: SoakDiary
  ) {
    self.settings = settings
    self.topics = topics
    self.project = project
    self.bootstrap = bootstrap
    self.root = root
    self.diary = diary
  }

  /// Where the process with a folder of that number keeps its profiles.
  func folder(_ number: Int) -> String { "\(root)/state-\(number)" }

  /// A folder that none of the processes uses.
  var spareFolder: Int { (0...Self.processes).first { folder in !members.contains { $0.folder == folder } } ?? 0 }

  /// Starts a process on the topics.
  func launch(
    number: Int, folder: Int, processes: Int = processes, keepsOnDisk: Bool? = nil, directly: String? = nil,
    _ more: [String] = []
  ) throws -> UsherProcess {
    starts += 1
    var words = topics.words(project, bootstrap: directly ?? bootstrap)
    words += settings.ownership.words(process: number, of: processes)
    words += ["--lanes", "2", "--kafka", "session.timeout.ms=\(SoakSettings.sessionTimeoutMs)"] + more
    if keepsOnDisk ?? settings.keepsOnDisk { words += ["--state", self.folder(folder), "--memory", "1MiB"] }
    return try UsherProcess(words, log: "\(root)/process-\(starts)-shop-\(number).log")
  }

  func startAll() throws {
    members = try (0..<Self.processes).map { number in
      Member(number: number, folder: number, process: try launch(number: number, folder: number))
    }
  }

  func name(_ index: Int) -> String { "shop-\(members[index].number)" }

  /// Starts a member again in its place.
  func restart(_ index: Int) throws {
    let member = members[index]
    members[index].process = try launch(number: member.number, folder: member.folder)
  }

  /// Ends a member as a crash would.
  func kill(_ index: Int) {
    members[index].process.send(SIGKILL)
    _ = members[index].process.awaitEnd(seconds: 30)
    diary.count("SIGKILLs")
  }

  /// Asks a member to end, and sees that it does.
  func ask(_ index: Int) {
    let process = members[index].process
    process.send(SIGTERM)
    expect(process, toEndWith: [0], "after SIGTERM", name(index))
  }

  /// Waits until a process has ended, with one of these exit codes.
  func expect(_ process: UsherProcess, toEndWith codes: Set<Int32>, _ when: String, _ name: String) {
    guard let code = process.awaitEnd(seconds: Self.endLimitSeconds) else {
      diary.problem("\(name) does not end \(when): \(lastWords(process))\n\(process.stacks)")
      process.send(SIGKILL)
      _ = process.awaitEnd(seconds: 30)
      return
    }
    if !codes.contains(code) { diary.problem("\(name) ended with \(code) \(when): \(lastWords(process))") }
  }

  /// Starts another process under a member's number, which keeps its profiles elsewhere.
  func startSecond(_ index: Int) throws {
    let (number, folder) = (members[index].number, spareFolder)
    members[index] = Member(number: number, folder: folder, process: try launch(number: number, folder: folder))
  }

  /// Of two processes of one number one ends by itself: the first, where it did not wake up so early that it shuts the
  /// second out. The other one is the member then.
  func settle(_ index: Int, first: UsherProcess, firstFolder: Int) {
    let end = ContinuousClock.now + .seconds(Self.endLimitSeconds)
    while ContinuousClock.now < end, first.exitCode == nil, members[index].process.exitCode == nil { usleep(20_000) }
    if first.exitCode == nil, members[index].process.exitCode != nil {
      diary.note("the second \(name(index)) has ended: \(lastWords(members[index].process))")
      members[index].process = first
      members[index].folder = firstFolder
    } else {
      expect(first, toEndWith: [1], "after another has taken over", "the first \(name(index))")
    }
  }

  /// Two members that do not run exchange their numbers, and with them their partitions.
  func exchangeNumbers() {
    (members[0].number, members[1].number) = (members[1].number, members[0].number)
  }

  /// Starts those again that have ended by themselves.
  func tend() throws {
    for index in members.indices {
      guard let code = members[index].process.exitCode else { continue }
      diary.count("ends by themselves")
      diary.note("\(name(index)) has ended with \(code): \(lastWords(members[index].process))")
      // What a supervisor starts again (docs/running.md, "Exit codes"). A signal is a crash.
      if code != 1 && code != 75 { diary.problem("\(name(index)) has crashed with \(code)") }
      try restart(index)
    }
  }

  private func lastWords(_ process: UsherProcess) -> String {
    process.said.split(separator: "\n").suffix(4).joined(separator: "\n    ")
  }

  /// How many lines of all processes' logs hold these words.
  func lines(with words: String) -> Int {
    let logs = (try? FileManager.default.contentsOfDirectory(atPath: root))?.filter { $0.hasSuffix(".log") } ?? []
    return logs.reduce(0) { count, name in
      let text = (try? String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)) ?? ""
      return count + text.split(separator: "\n").count { $0.contains(words) }
    }
  }
}
