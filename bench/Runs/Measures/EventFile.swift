import Glibc

/// A file of events, one JSON record a line, mapped into memory rather than read.
///
/// `@unchecked Sendable`: the mapping is only read, and ends with this object.
final class EventFile: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer
  let path: String

  /// Maps a file.
  init(_ path: String) throws(Failure) {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(system: "cannot read \(path)", code: errno) }
    defer { close(descriptor) }
    var facts = stat()
    fstat(descriptor, &facts)
    guard facts.st_size > 0 else { throw Failure("\(path) holds no event") }
    let size = Int(facts.st_size)
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw Failure(system: "cannot read \(path)", code: errno)
    }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}

/// One event of a file, as far as it matters to who sends it.
struct EventLine {
  let bytes: UnsafeRawBufferPointer
  /// The profile's id: the record's key.
  let profile: UnsafeRawBufferPointer
  /// Where the 24 characters of the event's time begin.
  let timePlace: Int

  /// The characters of a time such as `2026-11-20T20:02:11.417Z`.
  static let timeLength = 24

  /// Finds the parts of a line. They stand before the properties, as `usher generate` and SDKs write them.
  /// - Returns: nil where the line has no id or no time of that form.
  init?(_ line: UnsafeRawBufferPointer) {
    bytes = line
    guard let time = Self.place(after: "\"timestamp\":\"", in: line), time + Self.timeLength < line.count,
      line[time + Self.timeLength] == UInt8(ascii: "\""), line[time + Self.timeLength - 1] == UInt8(ascii: "Z")
    else { return nil }
    timePlace = time
    let head = UnsafeRawBufferPointer(rebasing: line[..<time])
    guard
      let start = Self.place(after: "\"userId\":\"", in: head) ?? Self.place(after: "\"anonymousId\":\"", in: head),
      let end = head[start...].firstIndex(of: UInt8(ascii: "\"")), end > start
    else { return nil }
    profile = UnsafeRawBufferPointer(rebasing: head[start..<end])
  }

  /// Where the first such text ends; it begins with a quotation mark.
  private static func place(after text: StaticString, in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let start = bytes.baseAddress else { return nil }
    let length = text.utf8CodeUnitCount
    var place = 0
    while place + length <= bytes.count {
      guard let quote = memchr(start + place, 0x22, bytes.count - length - place + 1) else { return nil }
      place = UnsafeRawPointer(quote) - start
      if memcmp(start + place, text.utf8Start, length) == 0 { return place + length }
      place += 1
    }
    return nil
  }
}

/// Goes through the events of a file.
struct EventCursor {
  private let file: EventFile
  private var place = 0
  private var lineNumber = 0

  init(_ file: EventFile) { self.file = file }

  /// The next event; nil after the last.
  mutating func next() throws(Failure) -> EventLine? {
    guard place < file.bytes.count, let start = file.bytes.baseAddress else { return nil }
    let rest = file.bytes.count - place
    let end = memchr(start + place, 0x0A, rest).map { UnsafeRawPointer($0) - start } ?? file.bytes.count
    lineNumber += 1
    let line = UnsafeRawBufferPointer(rebasing: file.bytes[place..<end])
    place = end + 1
    guard let event = EventLine(line) else {
      throw Failure(
        "\(file.path):\(lineNumber): no userId or anonymousId, or no timestamp such as 2026-11-20T20:02:11.417Z",
        advice: "both stand before the properties in the events that 'usher generate' tells")
    }
    return event
  }
}
