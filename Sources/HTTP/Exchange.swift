/// What comes back while a request is under way: libcurl hands it over piece by piece.
final class Exchange {
  private(set) var headers: [(name: String, value: String)] = []
  private(set) var body: [UInt8] = []
  private(set) var isTooLarge = false
  private var headerBytes = 0
  var mostBytes = 0
  var mustStop: () -> Bool = { false }

  static func of(_ context: UnsafeMutableRawPointer?) -> Exchange? {
    context.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
  }

  func begin() {
    headers = []
    body = []
    headerBytes = 0
    isTooLarge = false
  }

  /// Takes a piece of the body; of a long one only the begin: its status says what became of the request.
  /// - Returns: how many bytes were taken: fewer than there are would end the request.
  func take(_ start: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    body.append(contentsOf: UnsafeRawBufferPointer(start: start, count: min(count, mostBytes - body.count)))
    return count
  }

  /// Takes a line of the head.
  func take(header start: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    headerBytes += count
    guard headerBytes <= mostBytes else {
      isTooLarge = true
      return 0
    }
    let line = String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    // An answer of its own may come before the one that counts: 100 Continue.
    if line.hasPrefix("HTTP/") { headers = [] }
    guard let colon = line.firstIndex(of: ":") else { return count }
    let value = line[line.index(after: colon)...]
    headers.append((String(line[..<colon]), String(value.trimmed)))
    return count
  }
}

extension Substring {
  /// Without the white space at both ends.
  fileprivate var trimmed: Substring {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return ""
    }
    return self[first...last]
  }
}
