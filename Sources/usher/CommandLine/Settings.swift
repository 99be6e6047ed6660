import YAML

/// How to reach Kafka, and where the project is. The project's file, then the environment, then options: the later wins.
struct Settings: Sendable, Equatable {
  /// The folder that holds `ops/` and `topics/`.
  let project: String
  /// Properties of librdkafka by name; values may be secret and are never shown.
  private(set) var kafka: [String: String] = [:]

  /// The project's file, in the project's folder.
  static let fileName = "usher.yaml"

  /// The options by which every verb that needs them takes settings.
  static let project = Option.path("project", "DIR", default: ".", "the project's folder, which holds ops/ and topics/")
  static let bootstrap = Option<String?>.text("bootstrap", "HOST:PORT,…", "Kafka's brokers to begin with")
  static let property = Option.texts("kafka", "NAME=VALUE", "a property of librdkafka")

  /// The options of a verb that works with Kafka.
  static let kafkaOptions = [project.declaration, bootstrap.declaration, property.declaration]

  /// Reads the settings of a command.
  init(_ arguments: Arguments, environment: [String: String]) throws(Failure) {
    project = arguments[Self.project]
    let path = project == "." ? Self.fileName : "\(project)/\(Self.fileName)"
    if Files.exists(path) { try read(file: path) }
    read(environment: environment)
    for text in arguments[Self.property] {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw Failure(message: "--kafka wants NAME=VALUE, such as --kafka security.protocol=SSL")
      }
      kafka[String(parts[0])] = String(parts[1])
    }
    if let brokers = arguments[Self.bootstrap] { kafka["bootstrap.servers"] = brokers }
  }

  /// A path within the project's folder.
  func path(_ name: String) -> String { project == "." ? name : "\(project)/\(name)" }

  private mutating func read(file path: String) throws(Failure) {
    let bytes: [UInt8]
    do throws(Files.Problem) {
      bytes = try Files.read(path)
    } catch {
      throw Failure(error, doing: "read the settings")
    }
    let document = Document(bytes: bytes, file: path)
    var diagnostics = document.diagnostics
    for entry in document.root?.mapping ?? [] {
      if entry.key == "kafka" {
        readProperties(entry.value, document.source, &diagnostics)
      } else {
        diagnostics.append(
          document.source.error(
            at: entry.keyPlace, "'\(entry.key)' is no setting", expected: "kafka",
            suggestion: NearestWord.of(entry.key, among: ["kafka"])))
      }
    }
    guard !diagnostics.hasErrors else { throw Failure(diagnostics, in: path) }
  }

  private mutating func readProperties(_ node: Node, _ source: Source, _ diagnostics: inout [Diagnostic]) {
    guard let entries = node.mapping else {
      if node.scalar?.coreType == .null { return }
      let message = "this is \(node.kindInWords)"
      diagnostics.append(source.error(at: node.place, message, expected: "properties of librdkafka"))
      return
    }
    for entry in entries {
      guard let value = entry.value.scalar, value.coreType != .null else {
        diagnostics.append(
          source.error(at: entry.value.place, "'\(entry.key)' has no single value", expected: "text or a number"))
        continue
      }
      kafka[entry.key] = value.text
    }
  }

  /// `USHER_KAFKA_SECURITY_PROTOCOL` is `security.protocol`.
  private mutating func read(environment: [String: String]) {
    let prefix = "USHER_KAFKA_"
    for (name, value) in environment where name.hasPrefix(prefix) && name.count > prefix.count && !value.isEmpty {
      let property = name.dropFirst(prefix.count).lowercased().map { $0 == "_" ? "." : $0 }
      kafka[String(property)] = value
    }
  }
}

extension Failure {
  /// What is wrong in the settings. The lines themselves are not quoted: they may hold a secret.
  fileprivate init(_ diagnostics: [Diagnostic], in path: String) {
    let lines = diagnostics.sorted().map { diagnostic in
      var text = "\n  " + diagnostic.headline
      if let expected = diagnostic.expected { text += "; expected \(expected)" }
      if let word = diagnostic.suggestion { text += "; did you mean '\(word)'?" }
      return text
    }
    self.init(message: "\(path) cannot be used" + lines.joined())
  }
}
