public import Audiences
public import Events

/// A plan that states of a task were kept under: what the numbers in them mean, and the definitions themselves, so that a
/// process with other files can go on with it. Written once, before the first state that was kept under it.
///
/// It stands in one or several records of the changelog. Their keys are `FF`, which begins no text, `plan`, the plan's number
/// and that of the part, big-endian in 32 bits each. Their values are `version 2 u32 · number of parts u32`, and then
/// what all parts together have, in the form of `WordWriter`:
/// ```
/// introduced at, in ms · hash of the plan · marks, 1: states tell who is held out
/// cells: count, and for each: meaning · most · longest age in ms · traits: count, and the meaning of each
/// events with unique values: count, and for each its number and its meaning
/// audiences: count, and for each: logic · arbitration · retires at, in ms, or the last number
///   marks, 1: to the warehouse, 2: has a purpose, 4: has a name for exits, 8: to ads, 16: to analytics · version · key
///   · name [· purpose] [· name for exits] [· count of ad platforms, and each] [· count of analytics tools, and each]
/// departed audiences: count, and the key of each
/// files: count, and for each its path and its content
/// ```
/// Version 1 knew neither ads nor analytics.
public struct PlanRecord: Equatable, Sendable {
  /// How the states call it: see `PlanDictionary.number`. 0 where states were kept before plans were told.
  public var number: UInt32
  /// When a process first came with it, by the clock of its machine: one that started before has older files.
  public var introducedAt: Instant
  /// What the numbers in the states mean.
  public var dictionary: PlanDictionary
  /// The definitions: the project's files by their path below its folder.
  public var files: [String: [UInt8]]

  private static let version: UInt32 = 2
  private static let readableVersions: ClosedRange<UInt32> = 1...2
  private static let keyStart: [UInt8] = [0xFF] + Array("plan".utf8)
  private static let headBytes = 8
  /// Far enough below what brokers take of one record.
  private static let partBytes = 262_144

  /// A plan under a number.
  public init(number: UInt32, introducedAt: Instant, dictionary: PlanDictionary, files: [String: [UInt8]]) {
    self.number = number
    self.introducedAt = introducedAt
    self.dictionary = dictionary
    self.files = files
  }

  /// Which part of which plan a record of the changelog has, by its key; nil where it is another record.
  public static func part(ofKey key: Bytes) -> (plan: UInt32, part: UInt32)? {
    guard key.count == keyStart.count + 8, keyStart.withUnsafeBytes({ key.hasPrefix(Bytes($0)) }) else { return nil }
    let numbers = UnsafeRawPointer(key.start + keyStart.count)
    return (
      UInt32(bigEndian: numbers.loadUnaligned(as: UInt32.self)),
      UInt32(bigEndian: numbers.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    )
  }

  /// The keys and values of the records that it stands in.
  public var parts: [(key: [UInt8], value: [UInt8])] {
    let content = self.content
    let starts = Array(stride(from: 0, to: content.count, by: Self.partBytes))
    return starts.enumerated().map { part, start in
      var value: [UInt8] = []
      for number in [Self.version, UInt32(starts.count)] {
        withUnsafeBytes(of: number.littleEndian) { value.append(contentsOf: $0) }
      }
      value += content[start..<min(start + Self.partBytes, content.count)]
      return (Self.key(plan: number, part: UInt32(part)), value)
    }
  }

  /// The key of a part of a plan.
  public static func key(plan: UInt32, part: UInt32) -> [UInt8] {
    var key = keyStart
    for number in [plan, part] { withUnsafeBytes(of: number.bigEndian) { key.append(contentsOf: $0) } }
    return key
  }

  /// Puts a plan together from the values of its parts, in their order.
  ///
  /// - Throws: `CodecError`; `truncated` where parts are missing.
  public init(number: UInt32, parts: [[UInt8]]) throws(CodecError) {
    var content: [UInt8] = []
    for part in parts {
      guard part.count >= Self.headBytes else { throw .truncated }
      let (version, count) = part.withUnsafeBytes {
        (
          UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)),
          UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        )
      }
      guard Self.readableVersions.contains(version) else { throw .unknownVersion(Int(version)) }
      guard count == parts.count else { throw .truncated }
      content += part.dropFirst(Self.headBytes)
    }
    self = try content.withUnsafeBufferPointer { bytes throws(CodecError) in
      try Self(number: number, content: Bytes(UnsafeRawBufferPointer(bytes)))
    }
  }
}

extension PlanRecord {
  private var content: [UInt8] {
    var writer = WordWriter()
    writer.number(Int(introducedAt.ms))
    writer.word(dictionary.planHash)
    writer.word(dictionary.hasHoldouts ? 1 : 0)
    writer.number(dictionary.cells.count)
    for cell in dictionary.cells {
      writer.word(cell.meaning)
      writer.number(Int(cell.most))
      writer.number(Int(cell.maxAgeMs))
    }
    writer.number(dictionary.traits.count)
    for trait in dictionary.traits { writer.word(trait) }
    writer.number(dictionary.uniques.count)
    for unique in dictionary.uniques {
      writer.number(unique.event)
      writer.word(unique.meaning)
    }
    writer.number(dictionary.audiences.count)
    for audience in dictionary.audiences { audience.write(to: &writer) }
    writer.number(dictionary.departed.count)
    for key in dictionary.departed { writer.text(key) }
    writer.number(files.count)
    for (path, content) in files.sorted(by: { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }) {
      writer.text(path)
      writer.text(content)
    }
    return writer.bytes
  }

  private init(number: UInt32, content: Bytes) throws(CodecError) {
    var reader = WordReader(content)
    self.number = number
    introducedAt = Instant(ms: Int64(try reader.number()))
    let planHash = try reader.word()
    let hasHoldouts = try reader.word() & 1 != 0
    let cells = try reader.list { reader throws(CodecError) in
      KnownCell(
        meaning: try reader.word(), most: Int64(try reader.number()), maxAgeMs: Int64(try reader.number()))
    }
    let traits = try reader.list { reader throws(CodecError) in try reader.word() }
    let uniques = try reader.list { reader throws(CodecError) in
      PlanDictionary.Unique(event: try reader.number(), meaning: try reader.word())
    }
    let audiences = try reader.list { reader throws(CodecError) in try KnownAudience(&reader) }
    let departed = try reader.list { reader throws(CodecError) in try reader.text() }
    dictionary = PlanDictionary(
      planHash: planHash, hasHoldouts: hasHoldouts, cells: cells, traits: traits, uniques: uniques,
      audiences: audiences, departed: departed)
    files = [:]
    for _ in 0..<(try reader.count()) {
      let path = try reader.text()
      files[path] = try reader.utf8()
    }
    guard reader.isAtEnd else { throw .truncated }
  }
}

extension KnownAudience {
  fileprivate func write(to writer: inout WordWriter) {
    writer.word(logic)
    writer.word(arbitration)
    writer.number(Int((retireOn ?? .never).ms))
    let marks: [Bool] = [
      to.warehouse == .all, telling.purpose != nil, telling.exitEvent != nil, !to.ads.isEmpty, !to.analytics.isEmpty,
    ]
    writer.word(marks.enumerated().reduce(0) { $0 | ($1.element ? 1 << UInt64($1.offset) : 0) })
    writer.number(telling.version)
    writer.text(key)
    writer.text(telling.name)
    if let purpose = telling.purpose { writer.text(purpose) }
    if let exitEvent = telling.exitEvent { writer.text(exitEvent) }
    for names in [to.ads, to.analytics] where !names.isEmpty {
      writer.number(names.count)
      for name in names { writer.text(name) }
    }
  }

  fileprivate init(_ reader: inout WordReader) throws(CodecError) {
    let (logic, arbitration) = (try reader.word(), try reader.word())
    let retireOn = Instant(ms: Int64(try reader.number()))
    let marks = try reader.word()
    var telling = Telling()
    telling.version = try reader.number()
    let key = try reader.text()
    telling.name = try reader.text()
    if marks & 2 != 0 { telling.purpose = try reader.text() }
    if marks & 4 != 0 { telling.exitEvent = try reader.text() }
    var to = AudienceDestinations(warehouse: marks & 1 != 0 ? .all : .none)
    if marks & 8 != 0 { to.ads = try reader.list { reader throws(CodecError) in try reader.text() } }
    if marks & 16 != 0 { to.analytics = try reader.list { reader throws(CodecError) in try reader.text() } }
    self.init(
      key: key, logic: logic, arbitration: arbitration, retireOn: retireOn == .never ? nil : retireOn,
      to: to, telling: telling)
  }
}
