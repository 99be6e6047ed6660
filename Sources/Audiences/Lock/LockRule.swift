import YAML

/// What the lock file holds a project to. These cannot be allowed in a file.
enum LockRule {
  static let unchangedVersion = CodeExplanation(
    code: "L001", severity: .error, title: "Changed logic under an unchanged version",
    text: """
      The version goes with every change that is published. Where the logic is another one and the version is not, \
      nobody can tell later which people came in by which rules, and reports mix the two.

      Raise 'version' in the audience's file, run 'usher check --lock', and commit both. What counts as logic: the \
      condition with the computed traits in it, 'unless', 'hold_for', 'stay_at_most', 'rejoin_after' and 'holdout'. \
      Another way to write the same is no change, and neither is a new name, owner, goal or destination.
      """)

  static let duringHoldout = CodeExplanation(
    code: "L002", severity: .error, title: "Changed logic while people are held out",
    text: """
      A holdout compares those who were reached with those who were not. Both must be the same kind of people from its \
      beginning to its end: a change of logic in between makes the result worth nothing.

      Wait until the holdout has ended, or end it: 'usher check --lock --force REASON' accepts the change and writes \
      the reason into the lock file, for those who read the result.
      """)

  static let outOfDate = CodeExplanation(
    code: "L003", title: "A lock file that is not up to date",
    text: """
      Only what the lock file knows can be held to its version. An audience that is new, gone, or of a newer version \
      than the file says has not been locked.

      Run 'usher check --lock' and commit ops/audiences.lock with the definitions.
      """)

  static let all = [unchangedVersion, duringHoldout, outOfDate]
}
