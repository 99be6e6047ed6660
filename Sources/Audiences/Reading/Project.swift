public import Events
public import YAML

/// What a shop's project folder says: its events, its policy, its traits, its audiences.
public struct Project: Sendable {
  /// The events and traits that definitions may name.
  public var taxonomy: Taxonomy
  /// What holds across audiences.
  public var policy: Policy
  /// The computed traits, in the order of their file.
  public var traits: [TraitDefinition]
  /// The audiences, by key.
  public var audiences: [AudienceDefinition]
  /// The files that say so: their bytes by their path below the project folder.
  public var files: [String: [UInt8]]

  /// A project made of its parts.
  public init(
    taxonomy: Taxonomy, policy: Policy, traits: [TraitDefinition] = [], audiences: [AudienceDefinition],
    files: [String: [UInt8]] = [:]
  ) {
    self.taxonomy = taxonomy
    self.policy = policy
    self.traits = traits
    self.audiences = audiences
    self.files = files
  }

  /// Reads the folder that holds `ops/` and `topics/`.
  ///
  /// - Returns: the project, or none where there is an error; and all errors and warnings of all files, by file and
  ///   place. A file or folder that cannot be read is an error among them.
  public static func read(folder: String) -> (project: Project?, diagnostics: [Diagnostic]) {
    let files = ProjectFiles.read(folder: folder)
    return read(files.contents, noted: files.diagnostics)
  }

  /// Reads files that are in memory: their text by their path below the project folder.
  /// Other paths than those of a project are left alone.
  public static func read(texts: [String: String]) -> (project: Project?, diagnostics: [Diagnostic]) {
    read(texts.mapValues { Array($0.utf8) }, noted: [])
  }

  /// Reads files that are in memory: their bytes by their path below the project folder.
  public static func read(contents: [String: [UInt8]]) -> (project: Project?, diagnostics: [Diagnostic]) {
    read(contents, noted: [])
  }

  private static func read(
    _ contents: [String: [UInt8]], noted: [Diagnostic]
  ) -> (project: Project?, diagnostics: [Diagnostic]) {
    var reader = ProjectReader(contents: contents, diagnostics: noted)
    return reader.read()
  }
}
