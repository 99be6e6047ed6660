public import Events
public import YAML

/// What a lock file says to a project.
public struct LockComparison: Sendable {
  /// What is wrong: errors `L001` and `L002`, and warnings `L003` where the file is not to be written.
  public let diagnostics: [Diagnostic]
  /// What the lock file should hold. Not to be written where there are errors.
  public let next: AudienceLock
  /// The audiences whose change was forced, by key.
  public let forced: [String]
}

extension CheckedProject {
  /// Compares the audiences with what the lock file remembers of them.
  ///
  /// - Parameters:
  ///   - lock: what it remembers; empty where there is none yet.
  ///   - file: the file it was read from.
  ///   - now: the instant at which holdouts run or do not.
  ///   - isWriting: whether the file will be written: then it need not be up to date.
  ///   - reason: why changes are made while people are held out; without one, these are errors.
  /// - Returns: nothing to do where the project has errors.
  public func compare(
    with lock: AudienceLock, of file: Document, at now: Instant, isWriting: Bool = false, force reason: String? = nil
  ) -> LockComparison {
    guard let project else { return LockComparison(diagnostics: [], next: lock, forced: []) }
    var comparer = LockComparer(texts: LogicText(traits: project.traits), now: now, reason: reason)
    for audience in project.audiences {
      if let file = files[audience.key] { comparer.compare(audience, of: file, with: lock.entries[audience.key]) }
    }
    for entry in file.root?.mapping ?? [] where !project.audiences.contains(where: { $0.key == entry.key }) {
      comparer.noteGone(entry, in: file)
    }
    let diagnostics = comparer.diagnostics.filter { !isWriting || $0.severity == .error }
    return LockComparison(diagnostics: diagnostics.sorted(), next: comparer.next, forced: comparer.forced)
  }
}

private struct LockComparer {
  let texts: LogicText
  let now: Instant
  let reason: String?
  var diagnostics: [Diagnostic] = []
  var next = AudienceLock()
  var forced: [String] = []

  private static let update = "'usher check --lock', and the lock file committed with the definitions"

  mutating func compare(_ audience: AudienceDefinition, of file: AudienceFile, with old: LockEntry?) {
    var new = LockEntry(of: audience, texts, forced: old?.forced ?? [])
    defer { next.entries[audience.key] = new }
    let place = file.place(of: "version")
    guard let old else {
      warn(file, place, "the lock file does not know this audience")
      return
    }
    guard old.logic != new.logic else {
      if old.version != new.version {
        warn(file, place, "the lock file has version \(old.version), and this is \(new.version)")
      }
      return
    }
    guard new.version > old.version else {
      diagnostics.append(
        file.document.source.error(
          at: place, "the logic has changed since version \(old.version) was locked, and the version is \(new.version)",
          expected: "'version: \(old.version + 1)', then \(Self.update)", code: LockRule.unchangedVersion.code))
      return
    }
    if old.holdout.isRunning(at: now) {
      guard let reason else {
        diagnostics.append(
          file.document.source.error(
            at: file.place(of: "holdout"),
            "the logic has changed while people are held out \(Self.end(of: old.holdout))",
            expected: "the logic of version \(old.version) until then, or 'usher check --lock --force REASON'",
            code: LockRule.duringHoldout.code))
        return
      }
      new.forced.append(ForcedChange(version: new.version, at: now, reason: reason))
      forced.append(audience.key)
    }
    warn(file, place, "the logic of version \(new.version) is not in the lock file, which has version \(old.version)")
  }

  /// Notes an entry whose audience is no more.
  mutating func noteGone(_ entry: Entry, in file: Document) {
    diagnostics.append(
      file.source.warning(
        at: entry.keyPlace, "there is no audience \(Quoted.of(entry.key)) any more", expected: Self.update,
        code: LockRule.outOfDate.code))
  }

  private mutating func warn(_ file: AudienceFile, _ place: Place, _ message: String) {
    diagnostics.append(
      file.document.source.warning(at: place, message, expected: Self.update, code: LockRule.outOfDate.code))
  }

  private static func end(of held: LockEntry.Held) -> String {
    guard case .some(let until?) = held else { return "to measure what the audience brings about" }
    return "until \(DateWords.of(until))"
  }
}
