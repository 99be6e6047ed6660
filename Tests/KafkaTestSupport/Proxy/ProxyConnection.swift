import Glibc
import Kafka
import Synchronization

/// One client's connection to one broker: a thread for each direction, whole frames at a time.
final class ProxyConnection: Sendable {
  /// What is to be done with an answer.
  private enum Answer { case rewrite, drop }

  private let client: Socket
  private let broker: Socket
  private let brokerPort: UInt16
  private let state: ProxyState
  /// By the number that client and broker know a request by; the others' answers pass as they are.
  private let answers = Mutex<[Int32: Answer]>([:])

  init(client: Socket, broker: Socket, brokerPort: UInt16, _ state: ProxyState) {
    self.client = client
    self.broker = broker
    self.brokerPort = brokerPort
    self.state = state
  }

  func start() {
    guard state.keep(self) else { return shutDown() }
    Thread.start { self.passRequests() }
    Thread.start {
      self.passAnswers()
      self.state.forget(self)
    }
  }

  func shutDown() {
    client.shutDown()
    broker.shutDown()
  }

  private func passRequests() {
    while let frame = client.readFrame(), pass(request: frame) {}
    // What was sent before the client went is still done: the broker sees the end behind it.
    broker.endSending()
  }

  private func pass(request frame: [UInt8]) -> Bool {
    guard frame.count >= 8, let kind = RequestKind(rawValue: Int16(truncatingIfNeeded: frame.number(at: 0, bytes: 2)))
    else { return broker.write(frame: frame) }
    let number = Int32(truncatingIfNeeded: frame.number(at: 4, bytes: 4))
    if [.metadata, .findCoordinator].contains(kind) { answers.withLock { $0[number] = .rewrite } }
    switch state.action(for: kind, brokerPort: brokerPort) {
    case nil: break
    case .delay(let delayMs): usleep(UInt32(delayMs) * 1000)
    case .dropAnswer: answers.withLock { $0[number] = .drop }
    case .hold:
      state.hold(frame, brokerPort: brokerPort)
      return true
    case .repeat: state.hold(frame, brokerPort: brokerPort)
    }
    return broker.write(frame: frame)
  }

  private func passAnswers() {
    while let frame = broker.readFrame() {
      let number = Int32(truncatingIfNeeded: frame.number(at: 0, bytes: 4))
      // A client that is gone does not keep the broker from doing what it had asked for.
      switch answers.withLock({ $0.removeValue(forKey: number) }) {
      case nil: _ = client.write(frame: frame)
      case .rewrite: _ = client.write(frame: rewritten(frame, ports: state.proxyPorts))
      case .drop: break
      }
    }
    client.shutDown()
  }
}

/// A frame in which every broker's address is the proxy's: the host's name, and behind it the port as a 32-bit number.
func rewritten(_ frame: [UInt8], ports: [UInt16: UInt16]) -> [UInt8] {
  let host = Array("127.0.0.1".utf8)
  var frame = frame
  var place = 0
  while place + host.count + 4 <= frame.count {
    guard frame[place..<place + host.count].elementsEqual(host) else {
      place += 1
      continue
    }
    place += host.count
    guard let port = ports[UInt16(truncatingIfNeeded: frame.number(at: place, bytes: 4))] else { continue }
    withUnsafeBytes(of: UInt32(port).bigEndian) { frame.replaceSubrange(place..<place + 4, with: $0) }
  }
  return frame
}

extension [UInt8] {
  /// The big-endian number at a place; 0 where the bytes end before.
  func number(at place: Int, bytes: Int) -> Int {
    guard place + bytes <= count else { return 0 }
    return self[place..<place + bytes].reduce(0) { $0 << 8 | Int($1) }
  }
}

/// Threads for work that blocks.
enum Thread {
  static func start(_ body: @escaping @Sendable () -> Void) {
    final class Work: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Work(body)).toOpaque()
    pthread_create(
      &thread, nil,
      { context in
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
        return nil
      }, context)
    pthread_detach(thread)
  }
}
