import Glibc
import YAML

/// Where a secret is kept: a destination's file says that, and never the secret itself.
public enum SecretSource: Sendable, Equatable {
  /// In a variable of the environment.
  case environment(String)
  /// In a file; where its path is relative, it is so to the project's folder.
  case file(String)

  /// `env:NAME` or `file:PATH`; anything else is taken for a secret, and refused without being repeated.
  static func read(_ node: Node, _ key: String, _ findings: inout Findings) -> SecretSource? {
    let expected = "env:NAME, a variable of the environment, or file:PATH"
    let text = node.scalar?.text ?? ""
    for (form, make) in [("env:", SecretSource.environment), ("file:", SecretSource.file)] where text.hasPrefix(form) {
      let name = String(text.dropFirst(form.count))
      if !name.isEmpty { return make(name) }
    }
    findings.concealedError(
      at: node.place, "'\(key)' does not say where the secret is kept, and this file is for everybody to read",
      expected: expected)
    return nil
  }
}

/// Something that nobody may see. It has no description.
public struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
  /// The secret itself.
  let text: String

  /// Nothing of it.
  public var description: String { "***" }

  /// Nothing of it.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where secrets are looked for.
public struct SecretPlaces: Sendable {
  private let environment: [String: String]
  private let folder: String

  /// - Parameters:
  ///   - environment: the variables by name.
  ///   - folder: the project's folder.
  public init(environment: [String: String], folder: String) {
    self.environment = environment
    self.folder = folder
  }

  /// Fetches a secret, without the line's end behind it.
  /// - Throws: ``DestinationError`` that says where it was looked for.
  func fetch(_ source: SecretSource, for key: String) throws(DestinationError) -> Secret {
    let (text, place): (String?, String)
    switch source {
    case .environment(let name): (text, place) = (environment[name], "the variable \(name) of the environment")
    case .file(let path):
      let path = path.hasPrefix("/") ? path : "\(folder)/\(path)"
      (text, place) = (Self.content(of: path), "the file \(path)")
    }
    let secret = text.map { String($0.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()) } ?? ""
    guard !secret.isEmpty else {
      throw DestinationError("'\(key)' is to be in \(place), and there is nothing; put it there", mayPass: false)
    }
    guard secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw DestinationError(
        "'\(key)' in \(place) holds spaces or other characters that no secret has; put it there alone", mayPass: false)
    }
    return Secret(text: secret)
  }

  private static func content(of path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}
