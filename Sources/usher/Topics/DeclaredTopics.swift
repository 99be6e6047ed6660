import YAML

/// All topics that a project declares.
struct DeclaredTopics: Sendable, Equatable {
  /// The topics by name.
  let topics: [TopicDeclaration]

  /// The file of `topics/` that declares no topic.
  private static let taxonomy = "taxonomy.yaml"

  /// Reads every declaration of a folder. All that is wrong in any file is told in one go.
  init(folder: String) throws(Failure) {
    var topics: [TopicDeclaration] = []
    var diagnostics: [Diagnostic] = []
    do throws(Files.Problem) {
      for name in try Files.names(in: folder, ending: ".yaml") where name != Self.taxonomy {
        let path = "\(folder)/\(name)"
        let read = TopicDeclaration.read(Document(bytes: try Files.read(path), file: path))
        diagnostics += read.diagnostics
        if let topic = read.declaration { topics.append(topic) }
      }
    } catch {
      throw Failure(error, doing: "read the declared topics in")
    }
    guard !diagnostics.hasErrors else {
      let text = diagnostics.sorted().map(\.description).joined(separator: "\n")
      throw Failure(message: "the declared topics cannot be used\n\(text)")
    }
    guard !topics.isEmpty else { throw Failure(message: "\(folder) declares no topic") }
    for topic in topics {
      guard let record = topic.record, !Files.exists("\(folder)/\(record)") else { continue }
      throw Failure(message: "\(folder)/\(record) is missing: it is to describe the records of \(topic.name)")
    }
    self.topics = topics.sorted { $0.name < $1.name }
    try checkPartitions()
  }

  /// The changelog is written by partition number, so it needs the partitions of the events.
  private func checkPartitions() throws(Failure) {
    guard let events = topics.first(where: { $0.name == "retention.events" }),
      let profiles = topics.first(where: { $0.name.hasSuffix("usher.profiles") }),
      events.partitions != profiles.partitions
    else { return }
    throw Failure(
      message: "\(profiles.name) has \(profiles.partitions) partitions, and \(events.name) has \(events.partitions)",
      advice: "The two must be equal: state is kept by the number of the events' partition.")
  }
}
