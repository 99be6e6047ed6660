import Events

/// An option as a verb declares it: once. Reading, help, completions and suggestions all come from here.
struct OptionDeclaration: Sendable, Equatable {
  /// The name without its dashes.
  let name: String
  /// What may stand after it.
  let kind: ValueKind
  /// What stands for the value in help: `N`, `DIR`.
  let placeholder: String
  /// What holds where the option is not given, as help tells it.
  let defaultText: String?
  /// What it does, in one sentence without a full stop.
  let help: String
  /// Whether it may be given more than once.
  var repeats = false
}

/// An option together with the type of its value: `arguments[option]` gives that type.
struct Option<Value: Sendable>: Sendable {
  /// What the verb declares.
  let declaration: OptionDeclaration
  private let value: @Sendable ([ParsedValue]) -> Value

  init(_ declaration: OptionDeclaration, value: @escaping @Sendable ([ParsedValue]) -> Value) {
    self.declaration = declaration
    self.value = value
  }

  /// The value of what was read for this option, or its default.
  func of(_ parsed: [ParsedValue]) -> Value { value(parsed) }
}

extension ParsedValue {
  /// The text of a text, a path or a choice.
  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  var integer: Int64? {
    if case .integer(let number) = self { number } else { nil }
  }

  var duration: DurationMs? {
    if case .duration(let duration) = self { duration } else { nil }
  }

  var instant: Instant? {
    if case .instant(let instant) = self { instant } else { nil }
  }

  var size: Int? {
    if case .size(let bytes) = self { bytes } else { nil }
  }

  var share: Double? {
    if case .share(let share) = self { share } else { nil }
  }
}

// How options are declared. Those with a default give their type, the others an optional.

extension Option where Value == Bool {
  static func flag(_ name: String, _ help: String) -> Option {
    Option(OptionDeclaration(name: name, kind: .flag, placeholder: "", defaultText: nil, help: help)) { !$0.isEmpty }
  }
}

extension Option where Value == String {
  static func text(_ name: String, _ placeholder: String, default: String, _ help: String) -> Option {
    .declared(name, .text, placeholder, `default`, `default`, help, \.text)
  }

  static func path(_ name: String, _ placeholder: String, default: String, _ help: String) -> Option {
    .declared(name, .path, placeholder, `default`, `default`, help, \.text)
  }

  static func choice(_ name: String, _ words: [String], default: String, _ help: String) -> Option {
    .declared(name, .choice(words), words.joined(separator: "|"), `default`, `default`, help, \.text)
  }
}

extension Option where Value == String? {
  static func text(_ name: String, _ placeholder: String, _ help: String) -> Option {
    .optional(name, .text, placeholder, help, \.text)
  }

  static func path(_ name: String, _ placeholder: String, _ help: String) -> Option {
    .optional(name, .path, placeholder, help, \.text)
  }
}

extension Option where Value == [String] {
  /// Text that may be given more than once.
  static func texts(_ name: String, _ placeholder: String, _ help: String) -> Option {
    let declaration = OptionDeclaration(
      name: name, kind: .text, placeholder: placeholder, defaultText: nil, help: help, repeats: true)
    return Option(declaration) { $0.compactMap(\.text) }
  }
}

extension Option where Value == Int64 {
  static func integer(
    _ name: String, _ placeholder: String, in bounds: ClosedRange<Int64> = 0...Int64.max, default: Int64, _ help: String
  ) -> Option {
    .declared(name, .integer(bounds), placeholder, `default`, String(`default`), help, \.integer)
  }
}

extension Option where Value == Int64? {
  static func integer(
    _ name: String, _ placeholder: String, in bounds: ClosedRange<Int64> = 0...Int64.max, _ help: String
  ) -> Option {
    .optional(name, .integer(bounds), placeholder, help, \.integer)
  }
}

extension Option where Value == DurationMs {
  static func duration(_ name: String, _ placeholder: String, default: DurationMs, _ help: String) -> Option {
    .declared(name, .duration, placeholder, `default`, `default`.description, help, \.duration)
  }
}

extension Option where Value == DurationMs? {
  static func duration(_ name: String, _ placeholder: String, _ help: String) -> Option {
    .optional(name, .duration, placeholder, help, \.duration)
  }
}

extension Option where Value == Instant? {
  static func instant(_ name: String, _ placeholder: String, _ help: String) -> Option {
    .optional(name, .instant, placeholder, help, \.instant)
  }
}

extension Option where Value == Int {
  /// A number of bytes. `shown` is the default as help tells it.
  static func size(_ name: String, _ placeholder: String, default: Int, shown: String, _ help: String) -> Option {
    .declared(name, .size, placeholder, `default`, shown, help, \.size)
  }
}

extension Option where Value == Double {
  static func share(_ name: String, _ placeholder: String, default: Double, _ help: String) -> Option {
    .declared(name, .share, placeholder, `default`, ValueText.shown(share: `default`), help, \.share)
  }
}

extension Option {
  /// An option with a default; where it is given twice, the later one counts.
  private static func declared(
    _ name: String, _ kind: ValueKind, _ placeholder: String, _ value: Value, _ shown: String, _ help: String,
    _ read: @escaping @Sendable (ParsedValue) -> Value?
  ) -> Option {
    let declaration = OptionDeclaration(
      name: name, kind: kind, placeholder: placeholder, defaultText: shown, help: help)
    return Option(declaration) { $0.last.flatMap(read) ?? value }
  }

  /// An option without a default.
  private static func optional<Wrapped>(
    _ name: String, _ kind: ValueKind, _ placeholder: String, _ help: String,
    _ read: @escaping @Sendable (ParsedValue) -> Wrapped?
  ) -> Option where Value == Wrapped? {
    let declaration = OptionDeclaration(name: name, kind: kind, placeholder: placeholder, defaultText: nil, help: help)
    return Option(declaration) { $0.last.flatMap(read) }
  }
}
