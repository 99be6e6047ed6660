/// The names of properties as small numbers, the same number for the same canonical name in every event.
///
/// Numbers are given to the names that the taxonomy declares and to those that definitions ask for. Everything else in
/// an event is nobody's business and has number `nobody`.
public struct PropertyNames: Sendable, Equatable {
  /// By their bytes, as the keys of an event are compared.
  private var numbers: [[UInt8]: UInt16] = [:]

  /// What stands for a name that nobody asks for.
  public static let nobody: UInt16 = 0

  /// No names yet.
  public init() {}

  /// The number of a name; a new one where it has none.
  public mutating func number(of name: String) -> UInt16 {
    let utf8 = Array(name.utf8)
    if let number = numbers[utf8] { return number }
    precondition(numbers.count < Int(UInt16.max), "more than 65,535 property names in one taxonomy")
    let number = UInt16(numbers.count + 1)
    numbers[utf8] = number
    return number
  }

  /// The numbers of a path's names, from the outside in.
  public mutating func path(_ path: PropertyPath) -> [UInt16] { path.names.map { number(of: $0) } }

  /// Every name with its number, in the order of the numbers.
  var all: [(name: String, number: UInt16)] {
    numbers.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }.sorted { $0.number < $1.number }
  }
}
