/// What a command takes, declared once: its help and its reading come from here.
struct Option: Sendable {
  let name: String
  /// What stands for the value in the help; a flag has none.
  let placeholder: String?
  let help: String
  /// The value where the user gives none; nil where it may stay away, or must be given.
  let standard: String?
  let isRequired: Bool

  static func flag(_ name: String, _ help: String) -> Option {
    Option(name: name, placeholder: nil, help: help, standard: nil, isRequired: false)
  }

  static func value(_ name: String, _ placeholder: String, _ help: String, standard: String? = nil) -> Option {
    Option(name: name, placeholder: placeholder, help: help, standard: standard, isRequired: false)
  }

  static func required(_ name: String, _ placeholder: String, _ help: String) -> Option {
    Option(name: name, placeholder: placeholder, help: help, standard: nil, isRequired: true)
  }
}

/// One of the runs.
struct Command: Sendable {
  let name: String
  let summary: String
  let details: String
  let options: [Option]
  let run: @Sendable (Arguments) throws(Failure) -> Int32

  /// The help of the command.
  var help: String {
    var text =
      "bench/\(name): \(summary).\n\nUsage: bench/\(name) --bootstrap HOST:PORT [options]\n\n\(details)\n\nOptions:\n"
    let left = options.map { "--\($0.name)" + ($0.placeholder.map { " \($0)" } ?? "") } + ["--help"]
    let right =
      options.map { option in option.help + (option.standard.map { " (default \($0))" } ?? "") } + ["tell this"]
    let width = left.map(\.count).max() ?? 0
    for (left, right) in zip(left, right) {
      text += "  " + left + String(repeating: " ", count: width - left.count + 2) + right + "\n"
    }
    return text
  }
}

extension Option {
  static let bootstrap = required(
    "bootstrap", "HOST:PORT", "the brokers; a broker on the same machine, and otherwise idle")
  static let usher = value("usher", "FILE", "the command that is measured", standard: ".build/release/usher")
  static let project = value("project", "DIR", "the folder of the audiences", standard: "bench/workload")
  static let events = value("events", "FILE", "one JSON event a line; without it, as 'usher generate' tells them")
  static let runOptions = value(
    "run-options", "'...'", "further options for 'usher run'; {app} in them is the run's name")
  static let json = flag("json", "tell the figures as one line of JSON")
}
