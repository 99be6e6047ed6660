import Kafka
import Synchronization

/// What the connections of a proxy share.
final class ProxyState: Sendable {
  /// A request that was kept back, and whose it is.
  struct Held: Sendable {
    var brokerPort: UInt16
    var frame: [UInt8]
  }

  private struct Contents {
    var faults: [RequestFault] = []
    var held: [Held] = []
    var requests: [RequestKind: Int] = [:]
    /// The broker that a request of that kind went to last.
    var lastPort: [RequestKind: UInt16] = [:]
    var connections: [ObjectIdentifier: ProxyConnection] = [:]
    var isClosed = false
  }

  /// The proxy's port for each broker's.
  let proxyPorts: [UInt16: UInt16]
  private let contents = Mutex(Contents())

  init(proxyPorts: [UInt16: UInt16]) { self.proxyPorts = proxyPorts }

  /// Notes a request on its way, and says what becomes of it.
  func action(for request: RequestKind, brokerPort: UInt16) -> RequestFault.Action? {
    contents.withLock { now in
      now.requests[request, default: 0] += 1
      now.lastPort[request] = brokerPort
      guard let index = now.faults.firstIndex(where: { $0.request == request }) else { return nil }
      let action = now.faults[index].action
      now.faults[index].times -= 1
      if now.faults[index].times <= 0 { now.faults.remove(at: index) }
      return action
    }
  }

  func add(_ fault: RequestFault) { contents.withLock { $0.faults.append(fault) } }

  func clearFaults() { contents.withLock { $0.faults = [] } }

  func hold(_ frame: [UInt8], brokerPort: UInt16) {
    contents.withLock { $0.held.append(Held(brokerPort: brokerPort, frame: frame)) }
  }

  func takeHeld() -> [Held] {
    contents.withLock { now in
      defer { now.held = [] }
      return now.held
    }
  }

  var heldCount: Int { contents.withLock { $0.held.count } }

  func requests(of kind: RequestKind) -> Int { contents.withLock { $0.requests[kind, default: 0] } }

  func lastPort(of kind: RequestKind) -> UInt16? { contents.withLock { $0.lastPort[kind] } }

  /// Keeps a connection as long as it lasts; false where the proxy is closed.
  func keep(_ connection: ProxyConnection) -> Bool {
    contents.withLock { now in
      if now.isClosed { return false }
      now.connections[ObjectIdentifier(connection)] = connection
      return true
    }
  }

  func forget(_ connection: ProxyConnection) {
    contents.withLock { $0.connections[ObjectIdentifier(connection)] = nil }
  }

  func close() {
    let open = contents.withLock { now in
      now.isClosed = true
      return Array(now.connections.values)
    }
    for connection in open { connection.shutDown() }
  }
}
