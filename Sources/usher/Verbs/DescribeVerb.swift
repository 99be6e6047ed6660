import Audiences
import Events
import Pipeline
import YAML

extension Verb {
  /// Tells definitions as sentences.
  static let describe = Verb(DescribeOptions.declaration, run: runDescribe)
}

/// What `usher describe` takes.
enum DescribeOptions {
  static let trait = Option<String?>.text("trait", "NAME", "describe a trait instead of an audience")
  static let json = Option.flag("json", "tell it as JSON")
  static let live = Option.flag("live", "tell too how far a running application has come with these definitions")

  static let declaration = VerbDeclaration(
    name: "describe", summary: "a definition as a sentence, with what it depends on",
    details: [
      "Says in plain words who is in an audience: its conditions one by one, what keeps people out, when it can change "
        + "by time passing alone, what it depends on, what depends on it, and where its changes go.",
      "Without a key, a line for every audience.",
      "With --live it looks at a running application: on which partitions these definitions are in force, and where the "
        + "log is being read for them, how much of it was.",
    ],
    operands: [Operand(placeholder: "KEY", kind: .text, help: "the audience's key", isRequired: false)],
    options: [
      trait.declaration, json.declaration, live.declaration, RunOptions.app.declaration, RunOptions.input.declaration,
    ] + Settings.kafkaOptions,
    examples: [
      "usher describe", "usher describe checkout-abandoners", "usher describe --trait ltv",
      "usher describe checkout-abandoners --live --bootstrap kafka:9092",
    ])
}

@Sendable private func runDescribe(_ arguments: Arguments) throws(Failure) -> Int32 {
  let project = try Project.load(arguments[Settings.project])
  let key = arguments.operand(0)
  let trait = arguments[DescribeOptions.trait]
  guard key == nil || trait == nil else {
    throw Failure(message: "a key and --trait are both there", advice: "name one of them", exitCode: 2)
  }
  let told: (json: JSONValue, text: String)
  let words = DescriptionText(width: Help.width(of: .output))
  if let trait {
    let description = try project.description(ofTrait: trait)
    told = (description.json, words.of(description))
  } else if let key {
    let description = try project.description(ofAudience: key)
    told = (description.json, words.of(description))
  } else {
    let all = project.describeAudiences()
    told = (.array(all.map(\.json)), words.list(all))
  }
  var standing: DefinitionsStanding?
  if arguments[DescribeOptions.live] {
    let settings = try Settings(arguments, environment: Terminal.environment)
    standing = DefinitionsStanding(of: project, in: try ApplicationStatus.read(settings, arguments))
  }
  if arguments[DescribeOptions.json] {
    let json = standing.map { JSONValue.object([("described", told.json), ("standing", $0.json)]) } ?? told.json
    Terminal.output.write(json.text)
  } else {
    Terminal.output.write(told.text + (standing.map { words.section("In the application", $0.lines) } ?? ""))
  }
  return 0
}

extension Project {
  fileprivate func description(ofAudience key: String) throws(Failure) -> AudienceDescription {
    if let description = describe(audience: key, state: plan.state(ofAudience: key) ?? []) { return description }
    throw Failure.unknown("audience", key, among: audiences.map(\.key))
  }

  fileprivate func description(ofTrait name: String) throws(Failure) -> TraitDescription {
    if let description = describe(trait: name) { return description }
    throw Failure.unknown("trait", name, among: traits.map(\.name) + taxonomy.traits.map(\.name))
  }
}

extension Failure {
  /// Something was asked for that is not defined.
  fileprivate static func unknown(_ what: String, _ name: String, among names: [String]) -> Failure {
    let nearest = NearestWord.of(name, among: names)
    return Failure(
      message: "there is no \(what) \(Quoted.of(name))",
      advice: nearest.map { "did you mean \(Quoted.of($0))?" } ?? "'usher describe' tells the audiences that there are")
  }
}
