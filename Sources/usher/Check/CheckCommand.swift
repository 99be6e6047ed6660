import Audiences
import Events
import Glibc
import YAML

/// Checks a project folder, and keeps its lock file where that is asked for.
struct CheckCommand {
  /// The project folder.
  let folder: String
  /// The instant at which holdouts run and audiences are retired.
  let now: Instant
  /// Whether the lock file is written.
  var writesLock = false
  /// Why logic is changed while people are held out.
  var reason: String?

  func run() throws(Failure) -> CheckReport {
    let checked = CheckedProject.read(folder: folder, now: now)
    let path = folder + "/" + AudienceLock.path
    guard checked.project != nil, writesLock || Files.exists(path) else { return CheckReport(checked) }
    let file = try document(at: path)
    let (lock, mistakes) = AudienceLock.read(file)
    guard let lock else { return CheckReport(checked, with: mistakes) }
    let comparison = checked.compare(with: lock, of: file, at: now, isWriting: writesLock, force: reason)
    var report = CheckReport(checked, with: mistakes + comparison.diagnostics)
    guard writesLock else { return report }
    if comparison.diagnostics.hasErrors {
      report.note = "\(AudienceLock.path) was not written"
    } else {
      try write(comparison.next.text, to: path)
      report.note = Self.told(comparison)
    }
    return report
  }

  private static func told(_ comparison: LockComparison) -> String {
    let entries = Figures.counted(comparison.next.entries.count, "audience")
    let forced = comparison.forced.isEmpty ? "" : "; forced: \(comparison.forced.joined(separator: ", "))"
    return "\(AudienceLock.path) holds \(entries)\(forced)"
  }

  private func document(at path: String) throws(Failure) -> Document {
    guard Files.exists(path) else { return Document(text: "", file: AudienceLock.path) }
    do throws(Files.Problem) {
      return Document(bytes: try Files.read(path), file: AudienceLock.path)
    } catch {
      throw Failure(error, doing: "read")
    }
  }

  /// Puts the new file in the place of the old one at once: a run that is cut short leaves the old one.
  private func write(_ text: String, to path: String) throws(Failure) {
    let beside = path + ".new"
    do throws(Files.Problem) {
      var output = try OutputFile(path: beside)
      try output.add(bytes: Array(text.utf8))
      try output.flush()
      guard rename(beside, path) == 0 else { throw Files.Problem(path: path, code: errno) }
    } catch {
      unlink(beside)
      throw Failure(error, doing: "write")
    }
  }
}

/// The wall clock, for what depends on today: holdouts and retired audiences.
enum WallInstant {
  static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(ms: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
