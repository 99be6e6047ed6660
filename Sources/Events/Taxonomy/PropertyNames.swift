/// The names of properties as small numbers, the same number for the same canonical name in every event.
///
/// Numbers are given to the names that the taxonomy declares and to those that definitions ask for. Everything else in
/// an event is nobody's business and has number `nobody`.
public struct PropertyNames: Sendable, Equatable {
  private var numbers: [String: UInt16] = [:]

  /// What stands for a name that nobody asks for.
  public static let nobody: UInt16 = 0

  /// No names yet.
  public init() {}

  /// The number of a name; a new one where it has none.
  public mutating func number(of name: String) -> UInt16 {
    if let number = numbers[name] { return number }
    precondition(numbers.count < Int(UInt16.max), "more than 65,535 property names in one taxonomy")
    let number = UInt16(numbers.count + 1)
    numbers[name] = number
    return number
  }

  /// The numbers of a path's names, from the outside in.
  public mutating func path(_ path: PropertyPath) -> [UInt16] { path.names.map { number(of: $0) } }

  /// Every name with its number, in the order of the numbers.
  var all: [(name: String, number: UInt16)] {
    numbers.map { ($0.key, $0.value) }.sorted { $0.number < $1.number }
  }
}
