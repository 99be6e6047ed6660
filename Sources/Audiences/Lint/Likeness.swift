import Events

/// Audiences whose conditions differ in nothing but the lengths of their windows.
struct Likeness {
  /// The windows of the two that stand for each other, and differ or not.
  let windows: [(Window, Window)]

  /// Whether there is no difference at all.
  var isEqual: Bool { windows.allSatisfy { $0 == $1 } }

  /// Whether no bound differs by more than a fifth of the larger one.
  var isNear: Bool {
    windows.allSatisfy { Self.isNear($0.from, $1.from) && Self.isNear($0.to, $1.to) }
  }

  /// Whether somebody can be in both at once: an age is in both windows, of each pair.
  var overlaps: Bool { windows.allSatisfy { max($0.from, $1.from) < min($0.to, $1.to) } }

  private static func isNear(_ a: DurationMs, _ b: DurationMs) -> Bool {
    abs(a.ms - b.ms) * 5 <= max(a.ms, b.ms)
  }

  /// `nil` where the conditions differ in something else.
  init?(_ a: Outline, _ b: Outline) {
    guard let windows = Self.pairs(a, b) else { return nil }
    self.windows = windows
  }

  private static func pairs(_ a: Outline, _ b: Outline) -> [(Window, Window)]? {
    guard a.form == b.form, a.parts.count == b.parts.count else { return nil }
    guard a.parts.isEmpty else {
      let found = zip(sorted(a.parts), sorted(b.parts)).map { pairs($0, $1) }
      return found.contains { $0 == nil } ? nil : found.flatMap { $0 ?? [] }
    }
    guard let left = a.condition.window, let right = b.condition.window else { return [] }
    return [(left, right)]
  }

  /// Parts in whatever order: those of one form stand for each other, by the length of their windows.
  private static func sorted(_ parts: [Outline]) -> [Outline] {
    func end(_ part: Outline) -> DurationMs { part.condition.window?.to ?? DurationMs(ms: 0) }
    return parts.sorted { ($0.form, end($0)) < ($1.form, end($1)) }
  }
}
