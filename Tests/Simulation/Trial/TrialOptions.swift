import Judge
import Pipeline

/// What a seed draws: how much there is of everything, and what goes wrong.
package struct TrialOptions: CustomStringConvertible {
  let seed: UInt64
  let partitions: Int
  let processes: Int
  let lanes: Int
  /// Whether the group shares the partitions, rather than arithmetic.
  let isGroup: Bool
  /// How many bytes engines may take; nil where there is no disk.
  let memoryBytes: Int?
  let commitIntervalMs: Int64
  let commitSize: Int
  let kills: Int
  let pauses: Int
  let stops: Int
  let replacements: Int
  let outages: Int
  let disturbancePerMille: Int
  let diskTroublePer100k: Int
  let compacts: Bool
  /// How often definitions change meanwhile.
  let edits: Int
  /// Whether definitions that change are seen to so slowly that much happens meanwhile.
  let isSlow: Bool
  /// Whether one change of the definitions comes before the one before it is done, and processes die over it.
  let isHasty: Bool
  /// Whether time goes on at the ends of partitions by the wall clock.
  let hasWallClock: Bool

  init(seed: UInt64) {
    var chance = Dice(seed: seed &* 2 &+ 1)
    self.seed = seed
    partitions = 1 + chance.below(4)
    processes = 1 + chance.below(3)
    lanes = 1 + chance.below(2)
    isGroup = chance.perMille(500)
    memoryBytes = chance.perMille(600) ? [0, 20_000, 1_000_000][chance.below(3)] : nil
    commitIntervalMs = [10, 50, 100, 400][chance.below(4)]
    commitSize = [5, 100, 50_000][chance.below(3)]
    kills = chance.below(6)
    pauses = chance.perMille(500) ? 1 + chance.below(3) : 0
    stops = chance.below(3)
    replacements = chance.perMille(300) ? 1 + chance.below(2) : 0
    outages = chance.perMille(300) ? 1 + chance.below(2) : 0
    disturbancePerMille = [0, 5, 30, 100][chance.below(4)]
    diskTroublePer100k = chance.perMille(150) ? 300 : 0
    compacts = chance.perMille(500)
    hasWallClock = chance.perMille(400)
    isSlow = chance.perMille(600)
    edits = chance.perMille(500) ? 0 : 1 + chance.below(3)
    isHasty = chance.perMille(400)
  }

  package var description: String {
    """
    seed \(seed): \(partitions) partitions, \(processes) processes of \(lanes) lanes by \(isGroup ? "group" : "arithmetic"), \
    \(memoryBytes.map { "disk and \($0) bytes" } ?? "memory"), a commit each \(commitIntervalMs) ms or \(commitSize), \
    \(kills) kills, \(pauses) pauses, \(stops) stops, \(replacements) replacements, \(outages) outages, \(disturbancePerMille) in 1000 disturbed, \
    \(diskTroublePer100k > 0 ? "bad disk, " : "")\(compacts ? "compaction, " : "")\(hasWallClock ? "wall clock" : "no wall clock")\
    \(edits > 0 ? ", definitions changed \(edits) times\(isHasty ? " in haste" : "")" : "")
    """
  }
}
