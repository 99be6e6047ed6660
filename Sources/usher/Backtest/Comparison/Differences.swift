import Engine
import Events
import Pipeline

/// Finds the changes that one of two sets of definitions makes and the other does not.
///
/// Both are handed the same records in step. What one record brings about on both sides is held back, compared and
/// forgotten: changes are the same where audience, profile, kind and instant are.
struct Differences: ~Copyable {
  /// For each audience, what differs.
  private(set) var found: [Difference]
  /// Who is in by which of the two: a row has the words of one side, then those of the other.
  private(set) var people: PeopleBook
  /// Where each differing change is written, if anywhere.
  var file: OutputFile?
  private let audiences: ComparedAudiences
  private let asJSON: Bool
  private let sideWords: Int
  private var held: [[Held]] = [[], []]
  /// The records of what is held back, in the order in which it came; none where nothing is written.
  private var records: [[UInt8]] = []

  /// A change that is held back.
  private struct Held {
    let side: ComparedAudiences.Side
    let audience: Int
    let profile: UInt64
    let kind: Change.Kind
    let at: Instant
    /// How many came before it.
    let number: Int

    /// What two changes have in common that are the same.
    var identity: (Int64, Int, UInt64, UInt8) { (at.ms, audience, profile, kind.rawValue) }
  }

  init(_ audiences: ComparedAudiences, asJSON: Bool) {
    self.audiences = audiences
    self.asJSON = asJSON
    found = Array(repeating: Difference(), count: audiences.keys.count)
    sideWords = (audiences.keys.count + 63) / 64
    people = PeopleBook(words: 2 * sideWords)
  }

  /// Holds back a change of one side. `line` is asked for its record, where that is written.
  mutating func hold(_ change: Change, of side: ComparedAudiences.Side, line: () -> Bytes) {
    let audience = audiences.numbers[side.rawValue][change.audience]
    if change.kind == .entered || change.kind == .exited {
      let mark = side.rawValue * sideWords * 64 + audience
      people.set(mark, of: change.profile, to: change.kind == .entered)
    }
    if file != nil {
      let bytes = line()
      records.append(Array(UnsafeBufferPointer(start: bytes.start, count: bytes.count)))
    }
    held[side.rawValue].append(
      Held(
        side: side, audience: audience, profile: Hash64.of(change.profile), kind: change.kind, at: change.at,
        number: held[0].count + held[1].count))
  }

  /// Compares what is held back: both sides have done the same records.
  mutating func settle() throws(Files.Problem) {
    if held[0].isEmpty && held[1].isEmpty { return }
    defer {
      held[0].removeAll(keepingCapacity: true)
      held[1].removeAll(keepingCapacity: true)
      records.removeAll(keepingCapacity: true)
    }
    if held[0].elementsEqual(held[1], by: { $0.identity == $1.identity }) { return }
    for change in unmatched().sorted(by: { ($0.at, $0.number) < ($1.at, $1.number) }) { try note(change) }
  }

  /// What only one side holds.
  private func unmatched() -> [Held] {
    let (here, there) = (held[0].sorted { $0.identity < $1.identity }, held[1].sorted { $0.identity < $1.identity })
    var unmatched: [Held] = []
    var (a, b) = (0, 0)
    while a < here.count && b < there.count {
      if here[a].identity == there[b].identity {
        (a, b) = (a + 1, b + 1)
      } else if here[a].identity < there[b].identity {
        unmatched.append(here[a])
        a += 1
      } else {
        unmatched.append(there[b])
        b += 1
      }
    }
    return unmatched + here[a...] + there[b...]
  }

  private mutating func note(_ change: Held) throws(Files.Problem) {
    found[change.audience].count(change.kind, of: change.side, at: change.at)
    guard file != nil else { return }
    let mark = change.side == .here ? "+" : "-"
    let before = asJSON ? "{\"only\":\"\(mark)\",\"change\":" : "\(mark) "
    try file?.add(line: Array(before.utf8) + records[change.number] + (asJSON ? [0x7D] : []))
  }

  /// For each audience, how many are in it at the end by both, by this side alone, and by the other alone.
  func standings() -> [Standing] {
    var standings = Array(repeating: Standing(), count: audiences.keys.count)
    people.forEach { row in
      let here = row.prefix(sideWords)
      let there = row.suffix(sideWords)
      for audience in zip(here, there).map({ $0 & $1 }).setBits { standings[audience].both += 1 }
      for audience in zip(here, there).map({ $0 & ~$1 }).setBits { standings[audience].onlyHere += 1 }
      for audience in zip(here, there).map({ $1 & ~$0 }).setBits { standings[audience].onlyThere += 1 }
    }
    return standings
  }
}

/// Who is in an audience at the end.
struct Standing: Equatable {
  var both = 0
  var onlyHere = 0
  var onlyThere = 0
}

/// The changes of an audience that one side alone makes.
struct Difference: Equatable {
  /// When the first of them took effect; `nil` where there is none.
  private(set) var first: Instant?
  /// By side and kind.
  private var counts = Array(repeating: 0, count: 8)

  fileprivate mutating func count(_ kind: Change.Kind, of side: ComparedAudiences.Side, at instant: Instant) {
    counts[side.rawValue * 4 + Int(kind.rawValue)] += 1
    first = min(first ?? instant, instant)
  }

  subscript(kind: Change.Kind, side: ComparedAudiences.Side) -> Int { counts[side.rawValue * 4 + Int(kind.rawValue)] }
}
