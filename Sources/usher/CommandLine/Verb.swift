/// What a verb is called, what it takes and what it does.
struct VerbDeclaration: Sendable {
  /// The word after `usher`.
  let name: String
  /// What it does, in one sentence without a full stop.
  let summary: String
  /// More about it, for `usher help VERB`; paragraphs are wrapped.
  var details: [String] = []
  /// What stands after the verb without dashes, in order.
  var operands: [Operand] = []
  /// The options it takes, besides `--help`.
  var options: [OptionDeclaration] = []
  /// Whole commands to copy.
  var examples: [String] = []
}

/// Something that stands after a verb without dashes.
struct Operand: Sendable, Equatable {
  /// What stands for it in help: `NAME`, `apply|check`.
  let placeholder: String
  /// What it may be.
  let kind: ValueKind
  /// What it is, in one sentence without a full stop.
  let help: String
  /// Whether the verb cannot do without it.
  var isRequired = true
  /// Whether there may be several of it; only the last operand of a verb.
  var repeats = false
}

/// Something `usher` can do: a declaration, and what happens.
///
/// Each verb is a file `Verbs/NameVerb.swift` with `extension Verb { static let name = Verb(…) }`, and a line in
/// `Verb.all`.
struct Verb: Sendable {
  /// What it is called and takes.
  let declaration: VerbDeclaration
  /// Does it, and says the exit code: 0 done, 1 a check found errors. A failure is thrown.
  let run: @Sendable (Arguments) throws(Failure) -> Int32

  init(_ declaration: VerbDeclaration, run: @escaping @Sendable (Arguments) throws(Failure) -> Int32) {
    self.declaration = declaration
    self.run = run
  }
}

/// The work failed. What happened, and what to do about it. Neither holds a secret or personal data.
struct Failure: Error, Equatable {
  /// What failed, where and why, in one sentence without a full stop.
  let message: String
  /// What to do about it.
  var advice: String?
  /// 1, or 2 where what was asked for makes no sense together.
  var exitCode: Int32 = 1
}

/// The command was not understood: exit 2.
struct UsageError: Error, Equatable {
  /// What is wrong, in one sentence without a full stop.
  let message: String
  /// The nearest right word, with its dashes if it has any.
  var suggestion: String?
  /// The verb whose help tells more.
  var verb: String?
}
