/// What is worked out once for each name. Definitions may refer to each other in so many ways that going through all
/// of these again and again would never end.
final class Memo<Value> {
  private var values: [String: Value] = [:]

  /// The value of a name, made where it is not known yet.
  func value(of name: String, _ make: () -> Value) -> Value {
    if let known = values[name] { return known }
    let made = make()
    values[name] = made
    return made
  }
}
