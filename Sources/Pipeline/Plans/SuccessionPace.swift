/// How fast a lane goes about definitions that change, beside its other work.
package struct SuccessionPace: Sendable {
  /// How many records of the log it reads before it looks at the time.
  package var recordsPerLook = 128
  /// How long it reads before it sees to the records that come, in milliseconds.
  package var sliceMs: Int64 = 5
  /// The same where nothing else is to be done.
  package var idleSliceMs: Int64 = 50
  /// How often what was read is kept: a profile that many records are about is written once for all of them.
  package var keepEachMs: Int64 = 2000
  /// So many changed profiles are kept before that.
  package var mostChanged = 50_000
  /// How many profiles it takes over before it looks at the time.
  package var profilesAtOnce = 1000

  init() {}
}
