import Engine
import Events
import Glibc
import Kafka
import Pipeline
import Synchronization
import Telemetry

/// Tells what happens in the lanes: a line on the terminal that is drawn again, and the log. Every lane tells it on its
/// own thread.
final class RunReport: Sendable {
  private let log: Log
  private let asJSON: Bool
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var progress = Progress()
    var first: (ms: Int64, cost: ProcessFigures)?
    var troubleToldMs: Int64?
    /// When it was told how far the reading of profiles is, by lane.
    var restoringToldMs: [Int: Int64] = [:]
    /// When it was told how far the log was read for new definitions, by partition.
    var fillingToldMs: [Int32: Int64] = [:]
    /// How far that is: records read and to be read, by partition.
    var filling: [Int32: (offset: Int64, of: Int64)] = [:]
  }

  /// `EX_TEMPFAIL` of sysexits.h: a supervisor starts the process again.
  private static let temporaryFailure: Int32 = 75
  private static let pauseMs: Int64 = 10_000

  init(_ log: Log, asJSON: Bool) {
    self.log = log
    self.asJSON = asJSON
  }

  func observe(_ event: LaneEvent, lane: Int) {
    switch event {
    case .restoring(let partitions):
      log(.info, "restoring", ["lane": "\(lane)", "partitions": Self.list(partitions)])
    case .restoreProgress(let partitions, let reading): tell(partitions, reading, lane)
    case .restored(let partitions, let profiles, let records, let tookMs):
      log(
        .info, "restored",
        [
          "lane": "\(lane)", "partitions": Self.list(partitions), "profiles": "\(profiles)", "records": "\(records)",
          "took_ms": "\(tookMs)",
        ])
    case .definitionsChanged, .newerDefinitions, .filling, .definitionsInForce: tell(ofDefinitions: event)
    case .firstRecord: state.withLock { $0.first = (Progress.nowMs(), ProcessFigures.now()) }
    case .committed(let totals):
      state.withLock { state in
        let filling = Self.line(state.filling)
        state.progress.update { Self.line(totals) + filling }
      }
    case .aborted(let error): log(.warning, "aborted", ["lane": "\(lane)", "because": "\(error)"])
    case .rejected(let code, let partition, let offset, let isKept):
      log(
        .warning, "rejected",
        ["code": code.rawValue, "partition": "\(partition)", "offset": "\(offset)", "kept": "\(isKept)"])
    case .rejectedTopicMissing(let topic):
      log(
        .warning, "rejected topic missing",
        ["topic": topic, "so": "records that cannot be read are counted and stay where they are in the input"])
    case .released(let partitions, let lost):
      log(.info, "released", ["lane": "\(lane)", "partitions": Self.list(partitions), "lost": "\(lost)"])
    case .fenced(let id): log(.info, "fenced", ["lane": "\(lane)", "transactional_id": id])
    case .storeSetAside(let folder, let reason):
      log(.warning, "store set aside", ["lane": "\(lane)", "now_in": folder, "because": reason])
    case .trouble(let error):
      if isTroubleToTell() { log(.warning, "trouble", ["lane": "\(lane)", "because": "\(error)"]) }
    case .stayedInGroup: log(.warning, "stayed in the group", ["lane": "\(lane)"])
    case .stoodStill(let phase, let forMs):
      log(.error, "stood still", ["lane": "\(lane)", "phase": "\(phase)", "for_ms": "\(forMs)"])
      // Nothing can be asked of a thread that is stuck. What is not committed is done again by the next process.
      _exit(Self.temporaryFailure)
    case .ended(let totals): end(totals)
    }
  }

  /// How far the reading of profiles has come: on the terminal each time, in the log now and then.
  private func tell(_ partitions: [Int32], _ reading: RestoreProgress, _ lane: Int) {
    let left = reading.leftMs.map { Figures.seconds(ms: $0) }
    let isLogged = state.withLock { state in
      state.progress.update {
        "restoring: \(Figures.grouped(reading.records)) records, \(Figures.bytes(reading.bytes))"
          + (reading.percent.map { ", \($0) %" } ?? "") + (left.map { ", about \($0) left" } ?? "")
      }
      return Self.isTimeToTell(&state.restoringToldMs[lane])
    }
    guard isLogged else { return }
    log(
      .info, "restoring",
      [
        "lane": "\(lane)", "partitions": Self.list(partitions), "records": "\(reading.records)",
        "bytes": "\(reading.bytes)", "percent": reading.percent.map { "\($0)" } ?? "?",
        "left_ms": reading.leftMs.map { "\($0)" } ?? "?",
      ])
  }

  private func tell(ofDefinitions event: LaneEvent) {
    switch event {
    case .definitionsChanged(let partition, let needsLog, let audiences):
      let so =
        needsLog
        ? "those of before stay in force until the log has been read from its start" : "they are in force at once"
      log(.info, "definitions changed", ["partition": "\(partition)", "audiences": "\(audiences)", "so": so])
    case .newerDefinitions(let partition):
      let so = "it goes by them, not by the files of this process, which were read earlier; start it again"
      log(.warning, "newer definitions", ["partition": "\(partition)", "so": so])
    case .filling(let partition, let offset, let end): tellFilling(partition, offset, of: end)
    case .definitionsInForce(let partition, let profiles, let changes, let tookMs):
      state.withLock { $0.filling[partition] = nil }
      log(
        .info, "definitions in force",
        [
          "partition": "\(partition)", "profiles": "\(profiles)", "changes": "\(changes)", "took_ms": "\(tookMs)",
        ])
    default: break
    }
  }

  /// How far the log has been read for new definitions: on the terminal each time, in the log now and then.
  private func tellFilling(_ partition: Int32, _ offset: Int64, of end: Int64) {
    let isLogged = state.withLock { state in
      state.filling[partition] = (offset, end)
      return Self.isTimeToTell(&state.fillingToldMs[partition])
    }
    guard isLogged else { return }
    log(
      .info, "reading the log for new definitions",
      ["partition": "\(partition)", "offset": "\(offset)", "of": "\(end)"])
  }

  /// A broker that is away is a trouble of every lane, again and again: one line now and then is enough.
  private func isTroubleToTell() -> Bool {
    state.withLock { Self.isTimeToTell(&$0.troubleToldMs) }
  }

  /// Whether it was not told for a while; then it is from here on.
  private static func isTimeToTell(_ toldMs: inout Int64?) -> Bool {
    let nowMs = Progress.nowMs()
    if let told = toldMs, nowMs - told < pauseMs { return false }
    toldMs = nowMs
    return true
  }

  private func end(_ totals: LaneTotals) {
    log(
      .info, "ended",
      [
        "records": "\(totals.records)", "changes": "\(totals.changes)", "profiles": "\(totals.profiles)",
        "rejected": "\(totals.rejected)", "skipped": "\(totals.skipped)", "future": "\(totals.future)",
        "other_keys": "\(totals.otherKeys)", "duplicates": "\(totals.engines.duplicates)",
        "repeated_events": "\(totals.engines.repeatedEvents)", "late": "\(totals.engines.late)",
        "emails_dropped": "\(totals.engines.emailsDropped)",
        "phones_dropped": "\(totals.engines.phonesDropped)",
        "unknown_events": "\(totals.unknownEvents)", "wrong_types": "\(totals.wrongTypes)",
        "overflows": "\(totals.overflows)", "unmerged": "\(totals.engines.unmerged)",
        "entries_dropped": "\(totals.engines.entriesDropped)", "commits": "\(totals.commits)",
      ])
    if asJSON { Terminal.output.write(cost(totals)) }
  }

  /// What the run cost the process, whole and from the first record on.
  private func cost(_ totals: LaneTotals) -> String {
    let now = ProcessFigures.now()
    let nowMs = Progress.nowMs()
    var json = "{\"records\":\(totals.records),\"changes\":\(totals.changes),\"commits\":\(totals.commits)"
    json += ",\"seconds\":\(Double(nowMs - ProcessFigures.beganMs) / 1000)"
    json += ",\"cpu_user\":\(now.userSeconds),\"cpu_system\":\(now.systemSeconds)"
    if let first = state.withLock({ $0.first }) {
      let before = first.cost.userSeconds + first.cost.systemSeconds
      json += ",\"seconds_after_start\":\(Double(nowMs - first.ms) / 1000)"
      json += ",\"cpu_after_start\":\(now.userSeconds + now.systemSeconds - before)"
    }
    return json + ",\"peak_rss_mib\":\(now.peakMebibytes)}\n"
  }

  private static func line(_ totals: LaneTotals) -> String {
    "\(Figures.grouped(totals.records)) records, \(Figures.grouped(totals.changes)) changes, "
      + "\(Figures.grouped(totals.profiles)) profiles, clock at \(totals.clock)"
  }

  private static func line(_ filling: [Int32: (offset: Int64, of: Int64)]) -> String {
    let (done, all) = filling.values.reduce((0, 0)) { ($0.0 + $1.offset, $0.1 + $1.of) }
    return all == 0 ? "" : "; new definitions: \(done * 100 / all) % of the log read"
  }

  private static func list(_ partitions: [Int32]) -> String { partitions.map(String.init).joined(separator: ",") }
}
