extension Verb {
  /// Every verb, in the order of the help. A new one is a line here.
  static let all: [Verb] = [
    .demo,
    .run,
    .replay,
    .status,
    .deliver,
    .check,
    .describe,
    .test,
    .backtest,
    .generate,
    .topics,
    .help,
    .completions,
  ]
}
