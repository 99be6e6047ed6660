import Glibc

/// A TCP socket on loopback. It closes with its last owner.
final class Socket: Sendable {
  private let descriptor: Int32

  /// Larger than any frame of a test; what claims to be larger is no Kafka frame.
  private static let largestFrame = 64 << 20

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// A listener on a free port.
  static func listening() throws -> (socket: Socket, port: UInt16) {
    let made = try open()
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(made.descriptor, $0, length) == 0 && listen(made.descriptor, 128) == 0
          && getsockname(made.descriptor, $0, &length) == 0
      }
    }
    guard isListening else { throw Command.Failure(description: "no port can be listened on: errno \(errno)") }
    return (made, UInt16(bigEndian: address.sin_port))
  }

  /// A connection to a port; nil where nobody listens.
  static func connected(to port: UInt16) -> Socket? {
    guard let made = try? open() else { return nil }
    var address = loopback(port: port)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(made.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return status == 0 ? made : nil
  }

  /// The next connection; nil once the listener was shut down.
  func accept() -> Socket? {
    while true {
      let accepted = Glibc.accept(descriptor, nil, nil)
      if accepted >= 0 {
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        return Self.prompt(Socket(descriptor: accepted))
      }
      if errno != EINTR && errno != ECONNABORTED { return nil }
    }
  }

  /// The next frame of Kafka's protocol, without its length; nil at the end.
  func readFrame() -> [UInt8]? {
    guard let head = read(4) else { return nil }
    let length = head.reduce(0) { $0 << 8 | Int($1) }
    return length <= Self.largestFrame ? read(length) : nil
  }

  /// Sends a frame with its length; false where nobody takes it any more.
  func write(frame: [UInt8]) -> Bool {
    let length = withUnsafeBytes(of: UInt32(frame.count).bigEndian) { Array($0) }
    return write(length + frame)
  }

  /// Nothing more is sent: the other side sees the end once it has read what was.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Ends both directions; whoever waits here is woken.
  func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  private func read(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + filled, count - filled, 0) }
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { return nil }
      filled += got
    }
    return bytes
  }

  private func write(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  private static func open() throws -> Socket {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Command.Failure(description: "no socket can be opened: errno \(errno)") }
    return prompt(Socket(descriptor: descriptor))
  }

  private static func prompt(_ socket: Socket) -> Socket {
    var yes: Int32 = 1
    setsockopt(
      socket.descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    return socket
  }

  private static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    return address
  }
}
