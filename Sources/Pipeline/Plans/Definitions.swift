public import Audiences
public import Events
internal import ProfileStore

/// The definitions that a process has come with.
public struct Definitions: Sendable {
  /// What they ask of profiles.
  public let plan: Plan
  /// The files that they were read from: bytes by their path below the project's folder.
  let files: [String: [UInt8]]
  /// When they were read: of two processes of an application, the one that read its definitions later has those to go by.
  let readAt: Instant
  /// How states call the plan.
  let number: UInt32

  /// The definitions of a project that was read at an instant.
  public init(_ project: Project, readAt: Instant = WallClock.system.now()) {
    self.init(Plan(project), files: project.files, readAt: readAt)
  }

  /// The definitions of a plan, which was made of these files.
  package init(_ plan: Plan, files: [String: [UInt8]], readAt: Instant) {
    self.plan = plan
    self.files = files
    self.readAt = readAt
    number = PlanDictionary(plan).number
  }

  /// The definitions of a plan that was kept; nil where this version of Usher does not read them as the one did that kept
  /// them.
  init?(_ record: PlanRecord) {
    guard let plan = Project.read(contents: record.files).project.map({ Plan($0) }) else { return nil }
    self.init(plan, files: record.files, readAt: record.introducedAt)
    if PlanDictionary(plan, departed: record.dictionary.departed).isEquivalent(to: record.dictionary) { return }
    return nil
  }

  /// The plan as it is kept with states.
  func record(_ dictionary: PlanDictionary, number: UInt32? = nil) -> PlanRecord {
    PlanRecord(number: number ?? self.number, introducedAt: readAt, dictionary: dictionary, files: files)
  }
}
