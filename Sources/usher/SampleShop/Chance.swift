/// Numbers that look drawn by lot, and are the same for the same seed everywhere: SplitMix64.
///
/// Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (OOPSLA 2014).
struct Chance: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// A number from 0 up to, not including, `bound`.
  mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number of milliseconds between two numbers of seconds.
  mutating func ms(seconds from: Int, _ to: Int) -> Int64 {
    Int64(from) * 1000 + Int64(below((to - from) * 1000))
  }

  /// A number of milliseconds between two numbers of hours.
  mutating func ms(hours from: Int, _ to: Int) -> Int64 { ms(seconds: from * 3600, to * 3600) }

  /// A number of milliseconds between two numbers of days.
  mutating func ms(days from: Int, _ to: Int) -> Int64 { ms(hours: from * 24, to * 24) }

  /// Whether something happens that happens so many times in a thousand.
  mutating func happens(_ perMille: Int) -> Bool { below(1000) < perMille }

  /// Whether something happens that happens with this share.
  mutating func happens(share: Double) -> Bool { share > 0 && Double(next() >> 11) * 0x1p-53 < share }

  /// Spreads the bits of a number over all 64.
  static func mixed(_ number: UInt64) -> UInt64 {
    var z = number
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
  }
}
