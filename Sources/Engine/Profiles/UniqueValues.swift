internal import Events

/// The `unique` values of the last 64 events of one name: who saw value `hash` in which event.
///
/// ```
/// events so far u64, then for each value: hash u64 · event u64
/// ```
/// An event without a value takes a place among the 64 and no bytes.
struct UniqueValues {
  /// How many events are looked back at.
  static let most: UInt64 = 64
  /// How many values of one event are looked at: an event that has thousands must not hold up all others.
  private static let mostOfOneEvent = 64
  static let headBytes = 8
  static let entryBytes = 16

  let part: Part

  var events: UInt64 {
    get { part.content.load(as: UInt64.self) }
    nonmutating set { part.content.storeBytes(of: newValue, as: UInt64.self) }
  }

  var count: Int { (part.contentBytes - Self.headBytes) / Self.entryBytes }

  func hash(_ index: Int) -> UInt64 { entry(index).load(as: UInt64.self) }

  func event(_ index: Int) -> UInt64 { entry(index).load(fromByteOffset: 8, as: UInt64.self) }

  func set(_ index: Int, hash: UInt64, event: UInt64) {
    entry(index).storeBytes(of: hash, as: UInt64.self)
    entry(index).storeBytes(of: event, toByteOffset: 8, as: UInt64.self)
  }

  private func entry(_ index: Int) -> UnsafeMutableRawPointer {
    part.content + Self.headBytes + index * Self.entryBytes
  }

  static func looked(at values: borrowing Values) -> Int { min(values.count, mostOfOneEvent) }

  /// How many of the values, the oldest first, are of events too far back when that one comes.
  func countOutdated(at number: UInt64) -> Int {
    var outdated = 0
    while outdated < count, event(outdated) + Self.most <= number { outdated += 1 }
    return outdated
  }

  func contains(_ hash: UInt64) -> Bool {
    for index in 0..<count where self.hash(index) == hash { return true }
    return false
  }
}

extension ProfileTable {
  /// Whether one of an event's `unique` values is among those of the last 64 events of its name.
  func hasSeen(_ values: borrowing Values, ofEvent event: Int32, in slot: Slot) -> Bool {
    guard let part = self[slot].part(.uniqueValues(ofEvent: event)) else { return false }
    let seen = UniqueValues(part: part)
    for index in 0..<UniqueValues.looked(at: values) where values[index].isScalar && seen.contains(values[index].hash) {
      return true
    }
    return false
  }

  /// Remembers the `unique` values of an event that is applied, and forgets those of the 65th before.
  mutating func remember(_ values: borrowing Values, ofEvent event: Int32, in slot: Slot) {
    let tag = PartTag.uniqueValues(ofEvent: event)
    var part: Part
    if let known = self[slot].part(tag) {
      part = known
    } else {
      part = addPart(tag, contentBytes: UniqueValues.headBytes, to: slot)
      UniqueValues(part: part).events = 0
    }
    let number = UniqueValues(part: part).events + 1
    UniqueValues(part: part).events = number
    let outdated = UniqueValues(part: part).countOutdated(at: number)
    if outdated > 0 {
      self[slot].remove(outdated * UniqueValues.entryBytes, at: UniqueValues.headBytes, from: part)
    }
    var count = UniqueValues(part: part).count
    part = grow(part, by: values.scalarCount * UniqueValues.entryBytes, at: part.contentBytes, in: slot)
    for index in 0..<UniqueValues.looked(at: values) where values[index].isScalar {
      UniqueValues(part: part).set(count, hash: values[index].hash, event: number)
      count += 1
    }
  }
}

extension Values {
  /// How many of them are remembered.
  fileprivate var scalarCount: Int {
    var scalars = 0
    for index in 0..<UniqueValues.looked(at: self) where self[index].isScalar { scalars += 1 }
    return scalars
  }
}
