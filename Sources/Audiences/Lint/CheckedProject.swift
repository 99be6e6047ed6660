public import Events
public import YAML

/// A project with all that is wrong with it, lint included.
public struct CheckedProject: Sendable {
  /// The project, or none where there is an error.
  public let project: Project?
  /// All errors, and all warnings that the files do not allow, by file and place.
  public let diagnostics: [Diagnostic]
  /// The files of the audiences, by key.
  let files: [String: AudienceFile]

  /// Reads the folder that holds `ops/` and `topics/`. `now` tells what is retired already.
  public static func read(folder: String, now: Instant) -> CheckedProject {
    let files = ProjectFiles.read(folder: folder)
    var reader = ProjectReader(contents: files.contents, diagnostics: files.diagnostics)
    return CheckedProject(reader.read(), contents: files.contents, now: now)
  }

  /// The same of files that are in memory: their text by their path below the project folder.
  public static func read(texts: [String: String], now: Instant) -> CheckedProject {
    let contents = texts.mapValues { Array($0.utf8) }
    var reader = ProjectReader(contents: contents, diagnostics: [])
    return CheckedProject(reader.read(), contents: contents, now: now)
  }

  init(_ read: (project: Project?, diagnostics: [Diagnostic]), contents: [String: [UInt8]], now: Instant) {
    guard let project = read.project else {
      (self.project, diagnostics, files) = (nil, read.diagnostics, [:])
      return
    }
    files = AudienceFile.of(project.audiences, contents: contents)
    let found = Lint(project: project, files: files, now: now).diagnostics
    diagnostics = (read.diagnostics + found).sorted()
    self.project = diagnostics.hasErrors ? nil : project
  }
}

/// The file of an audience, to tell places in it. The definition itself has none.
struct AudienceFile: Sendable {
  let document: Document

  static func of(_ audiences: [AudienceDefinition], contents: [String: [UInt8]]) -> [String: AudienceFile] {
    var files: [String: AudienceFile] = [:]
    for audience in audiences {
      let path = ProjectReader.audiencesFolder + audience.key + ".yaml"
      files[audience.key] = AudienceFile(document: Document(bytes: contents[path] ?? [], file: path))
    }
    return files
  }

  /// The value of a key of the file.
  func node(_ key: String) -> Node? { document.root?[key] }

  /// Where a key stands; the first key where it is not given.
  func place(of key: String) -> Place {
    let entries = document.root?.mapping ?? []
    return (entries.first { $0.key == key } ?? entries.first)?.keyPlace ?? .start
  }
}
