public import YAML

/// Reading the tests of a project.
extension Project {
  /// Reads every `ops/audiences/*.test.yaml` of a project folder.
  ///
  /// - Returns: the files in alphabetical order, those with errors left out; and all errors and warnings of all files.
  public func readExamples(folder: String) -> (files: [ExampleFile], diagnostics: [Diagnostic]) {
    let files = ProjectFiles.read(folder: folder)
    let tests = files.diagnostics.filter { Self.exampleKey(ofFile: $0.file) != nil }
    let (examples, found) = readExamples(contents: files.contents)
    return (examples, (tests + found).sorted())
  }

  /// The same of files that are in memory: their bytes by their path below the project folder. Other files than tests
  /// are left alone.
  public func readExamples(contents: [String: [UInt8]]) -> (files: [ExampleFile], diagnostics: [Diagnostic]) {
    var files: [ExampleFile] = []
    var diagnostics: [Diagnostic] = []
    for path in contents.keys.sorted() {
      guard let key = Self.exampleKey(ofFile: path), let bytes = contents[path] else { continue }
      let document = Document(bytes: bytes, file: path)
      var reader = ExampleReader(document, key: key, project: self)
      let profiles = reader.profiles(of: document)
      let found = reader.findings.diagnostics
      diagnostics += found
      if !found.hasErrors { files.append(ExampleFile(path: path, key: key, profiles: profiles)) }
    }
    return (files, diagnostics)
  }

  /// What a file's name ends in.
  public static let exampleSuffix = ".test.yaml"

  private static func exampleKey(ofFile path: String) -> String? {
    guard path.hasPrefix(ProjectReader.audiencesFolder), path.hasSuffix(exampleSuffix) else { return nil }
    let key = path.dropFirst(ProjectReader.audiencesFolder.count).dropLast(exampleSuffix.count)
    return key.contains("/") || key.hasPrefix(".") ? nil : String(key)
  }
}
