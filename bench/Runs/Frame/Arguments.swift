/// What the user gave to a command, checked against its declaration.
struct Arguments: Sendable {
  private let values: [String: String]

  /// Reads the words behind the command's name.
  init(_ words: [String], for command: Command) throws(Failure) {
    var values: [String: String] = [:]
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--"), let option = command.options.first(where: { "--\($0.name)" == word }) else {
        throw Failure(
          "there is no option \(word)", advice: "'bench/\(command.name) --help' tells what there is", exitCode: 2)
      }
      if option.placeholder == nil {
        values[option.name] = "yes"
      } else if let value = rest.popFirst(), !value.isEmpty {
        values[option.name] = value
      } else {
        throw Failure("\(word) wants a value", exitCode: 2)
      }
    }
    for option in command.options where values[option.name] == nil {
      if option.isRequired { throw Failure("--\(option.name) must be given", exitCode: 2) }
      values[option.name] = option.standard
    }
    self.values = values
  }

  /// Whether a flag was given.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// A text, given or standard; nil where there is neither.
  func text(_ name: String) -> String? { values[name] }

  /// A whole number from 1 on.
  func count(_ name: String) throws(Failure) -> Int {
    guard let number = values[name].flatMap({ Int($0) }), number > 0 else {
      throw Failure("--\(name) wants a whole number from 1 on", exitCode: 2)
    }
    return number
  }

  /// A duration such as `500ms`, `120s` or `2m`, in milliseconds.
  func durationMs(_ name: String) throws(Failure) -> Int64 {
    guard let ms = values[name].flatMap(Self.durationMs(of:)) else {
      throw Failure("--\(name) wants a duration such as 500ms, 120s or 2m", exitCode: 2)
    }
    return ms
  }

  /// A duration's text in milliseconds; nil where it is none.
  static func durationMs(of text: String) -> Int64? {
    for (unit, factor) in [("ms", Int64(1)), ("s", 1000), ("m", 60_000)] where text.hasSuffix(unit) {
      guard let number = Int64(text.dropLast(unit.count)), number >= 0 else { return nil }
      let (ms, isTooLong) = number.multipliedReportingOverflow(by: factor)
      return isTooLong ? nil : ms
    }
    return nil
  }

  /// The words of a text that holds options.
  func words(_ name: String) -> [String] {
    (values[name] ?? "").split(separator: " ").map(String.init)
  }
}
