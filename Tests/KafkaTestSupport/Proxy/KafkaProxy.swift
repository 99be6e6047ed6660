// What can happen to a request between client and broker, made to happen: it is late, its answer is lost, or it comes
// when its client has long given it up. Clients reach the brokers through a port of the proxy's for each, and stay there,
// because the proxy puts its own ports into what brokers say of each other.

public import Kafka

/// A TCP proxy before the brokers of a test, which troubles the requests that it is told to.
public final class KafkaProxy: Sendable {
  /// Where clients find the proxy, in the order of the brokers.
  public let bootstrapServers: String

  private let brokerPorts: [UInt16]
  private let listeners: [Socket]
  private let state: ProxyState

  /// Listens for the clients of these brokers.
  public init(before kafka: RealKafka) throws {
    brokerPorts = kafka.brokerPorts
    let opened = try brokerPorts.map { _ in try Socket.listening() }
    listeners = opened.map(\.socket)
    bootstrapServers = opened.map { "127.0.0.1:\($0.port)" }.joined(separator: ",")
    let state = ProxyState(proxyPorts: Dictionary(uniqueKeysWithValues: zip(brokerPorts, opened.map(\.port))))
    self.state = state
    for (listener, brokerPort) in zip(listeners, brokerPorts) {
      Thread.start {
        while let client = listener.accept() {
          // A broker that is away refuses through the proxy too: the client sees its connection end.
          guard let broker = Socket.connected(to: brokerPort) else { continue }
          ProxyConnection(client: client, broker: broker, brokerPort: brokerPort, state).start()
        }
      }
    }
  }

  deinit { close() }

  /// Settings for clients that go through the proxy.
  public var settings: KafkaSettings { KafkaSettings(bootstrapServers: bootstrapServers) }

  /// Troubles the next requests of a kind, after those that are to be troubled already.
  public func add(_ fault: RequestFault) { state.add(fault) }

  /// Lets every request pass from now on. What is held stays so.
  public func clearFaults() { state.clearFaults() }

  /// How many requests of a kind clients have sent.
  public func requests(of kind: RequestKind) -> Int { state.requests(of: kind) }

  /// The number of the broker that a request of that kind was sent to last, from 0; nil where there was none.
  public func broker(ofLast kind: RequestKind) -> Int? {
    state.lastPort(of: kind).flatMap { brokerPorts.firstIndex(of: $0) }
  }

  /// How many requests are held back.
  public var heldCount: Int { state.heldCount }

  /// Sends the brokers what was held back, each request on a connection of its own, and waits for the answers.
  /// - Returns: the error code of each answer, as far as they are those of ends of transactions; nil where a broker was
  ///   away.
  @discardableResult
  public func deliverHeld() -> [Int16?] {
    state.takeHeld().map { held in
      guard let broker = Socket.connected(to: held.brokerPort), broker.write(frame: held.frame) else { return nil }
      // The request's number, how long the client is to wait, the code.
      return broker.readFrame().map { Int16(truncatingIfNeeded: $0.number(at: 8, bytes: 2)) }
    }
  }

  /// Ends every connection, and takes no more.
  public func close() {
    for listener in listeners { listener.shutDown() }
    state.close()
  }
}
