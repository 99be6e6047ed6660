/// The people of the shop: what the shop knows of each, and what follows from their number alone.
struct Customers: Sendable {
  /// What changes in a person's life.
  struct Life: Sendable {
    /// How many orders so far.
    var orders: UInt16 = 0
    /// What was spent so far, in cents.
    var spentCents: Int32 = 0
    /// Whether the shop knows who it is.
    var isKnown = false
    /// Whether messages may be sent.
    var allowsMessages = false
    /// Whether they are in the shop right now.
    var isVisiting = false
    /// Whether a bag of coffee comes every month.
    var isSubscribed = false
  }

  /// What changes, by the person's number.
  var lives: [Life]
  private let seed: UInt64

  init(count: Int, seed: UInt64) {
    self.seed = seed
    lives = Array(repeating: Life(), count: count)
  }

  /// Bits that are a person's own, and always the same.
  func nature(_ customer: Int32) -> UInt64 {
    Chance.mixed(seed ^ (UInt64(customer) &+ 1) &* 0xA24B_AED4_963E_E407)
  }

  /// The category that a person likes best.
  func favourite(_ customer: Int32) -> Int { Int(nature(customer) & 7) }

  /// How the person's events are named.
  func dialect(_ customer: Int32) -> Dialect {
    switch (nature(customer) &>> 8) % 100 {
    case ..<88: .canonical
    case ..<94: .segment
    default: .ga4
    }
  }

  /// The channel by which messages reach the person.
  func channel(_ customer: Int32) -> Channel {
    switch (nature(customer) &>> 16) % 10 {
    case ..<7: .email
    case ..<9: .sms
    default: .push
    }
  }

  static let firstNames = [
    "Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Tony", "Radia", "Ken", "Margaret", "Dennis",
    "Hedy", "Niklaus", "Sophie", "Leslie",
  ]
  static let lastNames = [
    "Miller", "Novak", "Garcia", "Chen", "Okafor", "Schmidt", "Rossi", "Dubois", "Tanaka", "Larsen", "Silva", "Kaur",
    "Haddad", "Moreau", "Jansen", "Brown",
  ]
  /// First names, then last names, as an address has them.
  static let emailNames = (firstNames + lastNames).map { $0.lowercased() }
  static let cities = [
    (city: "San Francisco", country: "US"), (city: "Chicago", country: "US"), (city: "Austin", country: "US"),
    (city: "London", country: "GB"),
  ]
}

/// Whose names an event is told in.
enum Dialect: Sendable {
  /// The canonical names.
  case canonical
  /// Segment's e-commerce spec.
  case segment
  /// GA4, names and properties.
  case ga4
}

/// Who does something: the ids that a record carries.
struct Who: Sendable {
  let customer: Int32
  /// Whether the record carries the user's id.
  let isKnown: Bool
  /// Which of the person's devices it came from, 0 being the usual one; -1 where none is told.
  let device: Int16

  /// A person that the shop knows, told by the server.
  static func server(_ customer: Int32) -> Who { Who(customer: customer, isKnown: true, device: -1) }
}
