import Glibc

/// One TCP connection on loopback, or a listener for them. It closes with its last owner.
final class Connection: Sendable {
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// A listener on a free port.
  static func listening() -> (listener: Connection, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 64) == 0 && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isListening else { fatalError("no port can be listened on: errno \(errno)") }
    return (Connection(descriptor), UInt16(bigEndian: address.sin_port))
  }

  /// The next connection; nil once the listener was shut down.
  func accept() -> Connection? {
    while true {
      let accepted = Glibc.accept(descriptor, nil, nil)
      if accepted >= 0 {
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        var yes: Int32 = 1
        setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return Connection(accepted)
      }
      if errno != EINTR && errno != ECONNABORTED { return nil }
    }
  }

  /// The next bytes, at most so many; none at the end.
  func read(atMost count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    while true {
      let got = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, count, 0) }
      if got < 0 && errno == EINTR { continue }
      return got > 0 ? Array(bytes[..<got]) : []
    }
  }

  func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// Ends both directions; whoever waits here is woken.
  func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
