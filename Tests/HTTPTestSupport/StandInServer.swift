import Dispatch
import Synchronization

/// A request as a stand-in received it.
public struct ReceivedRequest: Sendable {
  /// `POST`, for instance.
  public var method = ""
  /// Path and query.
  public var target = ""
  /// By lower-case names.
  public var headers: [String: String] = [:]
  /// The body.
  public var body: [UInt8] = []
  /// Head and body, byte for byte.
  public var bytes: [UInt8] = []

  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }
  /// The target without its query.
  public var path: String { String(target.prefix { $0 != "?" }) }
}

/// What a stand-in does with a request.
public enum Reply: Sendable {
  /// It answers.
  case answer(Int, headers: [String: String] = [:], body: String = "")
  /// It ends the connection without an answer.
  case cutBefore
  /// It ends the connection in the middle of an answer that says yes.
  case cutWithin
  /// It never answers; the connection stays.
  case silence
  /// It answers with so many bytes.
  case flood(Int)

  /// Yes.
  public static let ok = Reply.answer(200)
}

/// A server on a loopback port, whose answers a test decides. It ends with `stop()`.
public final class StandInServer: Sendable {
  private struct State {
    var requests: [ReceivedRequest] = []
    var connections: [Connection] = []
  }

  private let listener: Connection
  private let state = Mutex(State())
  private let reply: @Sendable (ReceivedRequest) -> Reply
  /// The port it listens on.
  public let port: UInt16

  /// A server that listens from now on.
  /// - Parameter reply: asked for each request, on the connection's thread.
  public init(_ reply: @escaping @Sendable (ReceivedRequest) -> Reply) {
    (listener, port) = Connection.listening()
    self.reply = reply
    let queue = DispatchQueue(label: "stand-in", attributes: .concurrent)
    queue.async { [listener] in
      while let connection = listener.accept() {
        self.state.withLock { $0.connections.append(connection) }
        queue.async { self.serve(connection) }
      }
    }
  }

  /// Its address, without a path.
  public var url: String { "http://127.0.0.1:\(port)" }

  /// All that came, in its order.
  public var requests: [ReceivedRequest] { state.withLock(\.requests) }

  /// How many connections were made.
  public var connectionCount: Int { state.withLock(\.connections.count) }

  /// Ends every connection, and takes no new ones.
  public func stop() {
    listener.shutDown()
    state.withLock { for connection in $0.connections { connection.shutDown() } }
  }

  private func serve(_ connection: Connection) {
    defer { connection.shutDown() }
    var unread: [UInt8] = []
    while let request = Self.request(from: connection, &unread) {
      state.withLock { $0.requests.append(request) }
      switch reply(request) {
      case .answer(let status, let headers, let body): connection.write(Self.answer(status, headers, Array(body.utf8)))
      case .flood(let count): connection.write(Self.answer(200, [:], Array(repeating: 0x61, count: count)))
      case .silence: continue
      case .cutBefore: return
      case .cutWithin:
        connection.write(Array(Self.answer(200, [:], Array("{\"success\":true}".utf8)).dropLast(5)))
        return
      }
    }
  }

  private static func answer(_ status: Int, _ headers: [String: String], _ body: [UInt8]) -> [UInt8] {
    var head = "HTTP/1.1 \(status) Whatever\r\nContent-Length: \(body.count)\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    return Array((head + "\r\n").utf8) + body
  }

  /// The next request; nil at the end of the connection.
  private static func request(from connection: Connection, _ unread: inout [UInt8]) -> ReceivedRequest? {
    while true {
      if let end = unread.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
        var request = head(unread[..<end])
        let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
        while unread.count < end + length {
          let more = connection.read(atMost: 65_536)
          if more.isEmpty { return nil }
          unread += more
        }
        request.body = Array(unread[end..<(end + length)])
        request.bytes = Array(unread[..<(end + length)])
        unread.removeFirst(end + length)
        return request
      }
      let more = connection.read(atMost: 65_536)
      // Whoever begins to speak TLS is not understood.
      if more.isEmpty || unread.isEmpty && more[0] == 0x16 { return nil }
      unread += more
    }
  }

  private static func head(_ bytes: ArraySlice<UInt8>) -> ReceivedRequest {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n")
    var request = ReceivedRequest()
    let words = (lines.first ?? "").split(separator: " ")
    request.method = words.first.map(String.init) ?? ""
    request.target = words.count > 1 ? String(words[1]) : ""
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      request.headers[line[..<colon].lowercased()] = String(value)
    }
    return request
  }
}
