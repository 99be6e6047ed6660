// Topics as the project declares them, against topics as the cluster has them.
//
// Each `topics/*.yaml` but the taxonomy declares one topic. Reading and comparing know no Kafka client: the cluster's
// side is given to them. `TopicsVerb` asks the cluster, shows the differences and corrects what can be corrected.

import YAML

/// One topic as a file declares it.
struct TopicDeclaration: Sendable, Equatable {
  /// The topic's name; `{app}` stands for the application id.
  var name: String
  /// How many partitions it has.
  var partitions: Int
  /// On how many brokers each partition is kept.
  var replication: Int
  /// Its configuration by Kafka's own names, by name.
  var configuration: [Entry] = []
  /// The JSON Schema of its records, below `topics/`; nil where records are not one thing.
  var record: String?

  /// One entry of a topic's configuration.
  struct Entry: Sendable, Equatable {
    let key: String
    var value: String
  }

  private static let vocabulary = Vocabulary(
    ["name", "partitions", "replication", "config", "record"],
    meant: ["configuration": "config", "schema": "record", "replicas": "replication", "topic": "name"])

  /// Reads one file. Nothing where it declares no topic; the diagnostics then say why.
  static func read(_ document: Document) -> (declaration: TopicDeclaration?, diagnostics: [Diagnostic]) {
    var findings = Findings(of: document)
    guard let root = document.root, let entries = findings.entries(root, "a topic", of: vocabulary) else {
      return (nil, findings.diagnostics)
    }
    var topic = TopicDeclaration(name: "", partitions: 0, replication: 0)
    for entry in entries {
      switch entry.key {
      case "name": topic.name = name(entry.value, &findings)
      case "partitions": topic.partitions = findings.positiveInteger(entry.value, "'partitions'") ?? 0
      case "replication": topic.replication = findings.positiveInteger(entry.value, "'replication'") ?? 0
      case "config": topic.configuration = configuration(entry.value, &findings)
      default: topic.record = findings.text(entry.value, "'record'", expected: "the path of a JSON Schema")
      }
    }
    for key in ["name", "partitions", "replication"] where root[key] == nil {
      guard !findings.holdsSlip(for: key, root, of: vocabulary) else { continue }
      findings.error(at: root.place, "the topic has no '\(key)'", expected: "'\(key)'")
    }
    return (findings.errorCount == 0 ? topic : nil, findings.diagnostics)
  }

  /// The topic for an application, kept on so many brokers at most. What must be in sync cannot be more than there are.
  func resolved(app: String, replication limit: Int?) -> TopicDeclaration {
    var topic = self
    topic.name = name.split(separator: "{app}", omittingEmptySubsequences: false).joined(separator: app)
    guard let limit else { return topic }
    topic.replication = min(replication, limit)
    for (index, entry) in configuration.enumerated() where entry.key == "min.insync.replicas" {
      topic.configuration[index].value = String(min(Int(entry.value) ?? 1, topic.replication))
    }
    return topic
  }

  private static func name(_ node: Node, _ findings: inout Findings) -> String {
    guard let text = findings.text(node, "'name'", expected: "a topic's name") else { return "" }
    let plain = text.split(separator: "{app}", omittingEmptySubsequences: false).joined()
    let isLegal = plain.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "._-".unicodeScalars.contains($0))
    }
    if !isLegal || plain.utf8.count > 200 {
      findings.error(
        at: node.place, "this is no name for a topic",
        expected: "at most 200 letters, digits, '.', '_' and '-'; '{app}' stands for the application id")
    }
    return text
  }

  private static func configuration(_ node: Node, _ findings: inout Findings) -> [Entry] {
    guard let entries = node.mapping else {
      findings.wrong(node, "'config'", expected: "a mapping of Kafka's names and values")
      return []
    }
    var configuration: [Entry] = []
    for entry in entries {
      guard let scalar = entry.value.scalar, scalar.coreType != .null else {
        findings.wrong(entry.value, "'\(entry.key)'", expected: "a single value")
        continue
      }
      configuration.append(Entry(key: entry.key, value: scalar.text))
    }
    return configuration.sorted { $0.key < $1.key }
  }
}
