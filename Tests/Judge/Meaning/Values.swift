/// A value in an event, as predicates and measures see it.
enum Value: Hashable, Sendable {
  /// In millionths.
  case number(Int64)
  case string(Text)
  case boolean(Bool)
  /// A value only for `exists`.
  case object
  /// An instant that a computed trait gives, in milliseconds since 1970.
  case time(Int64)

  /// The number that this value is where a number is asked for.
  var asNumber: Int64? {
    switch self {
    case .number(let number): number
    case .string(let text): Millionths.reading(text)
    case .time(let instantMs):
      Millionths.fitting(Int128(instantMs) * Int128(Millionths.one))
    case .boolean, .object: nil
    }
  }

  /// The instant that this value is where a time is asked for.
  var asTimeMs: Int64? {
    switch self {
    case .number(let number): number / Millionths.one
    case .string(let text): TimeReader.read(.string(text))
    case .time(let instantMs): instantMs
    case .boolean, .object: nil
    }
  }
}

/// A path such as `products.category`, in its parts.
struct Path: Sendable {
  let names: [Text]

  init(_ path: String) { names = path.split(separator: ".").map { Text(String($0)) } }
}

extension Json {
  /// All values at a path. It goes through arrays; `null`, `[]` and numbers beyond 64 bits are absent.
  func values(at path: Path) -> [Value] { values(at: path.names[...]) }

  private func values(at names: ArraySlice<Text>) -> [Value] {
    if case .array(let items) = self { return items.flatMap { $0.values(at: names) } }
    if let name = names.first { return member(name)?.values(at: names.dropFirst()) ?? [] }
    switch self {
    case .null, .array: return []
    case .boolean(let boolean): return [.boolean(boolean)]
    case .number(let text): return Millionths.reading(text).map { [.number($0)] } ?? []
    case .string(let text): return [.string(text)]
    case .object: return [.object]
    }
  }
}
