import Glibc
import HTTP

/// A destination that is reached over HTTP. It keeps no offsets: the group's count.
///
/// A batch becomes items, items become requests, and the requests go one after the other. Where a service takes nothing
/// now, the batch stays open, and goes on where it stood. Where a service refuses a request for what is in it, smaller ones
/// find out which items are meant, and the others are delivered. What is delivered twice (after a crash, a batch at most)
/// carries the same ids as before.
public struct HTTPDestination<Kind: Service>: ~Copyable, Destination {
  private var service: Kind
  private let place: String
  private let mask: Mask
  private let transport: Transport
  private var rate: RateLimit
  private let stop: PatientStop
  private var open = OpenBatch()

  /// Offsets are the group's.
  public static var keepsOffsets: Bool { false }

  /// How long a turn takes at most, beside a request that is under way, in milliseconds: then the loop looks after its
  /// group. A worker that is to stop has as much time to finish its batch.
  static var turnMs: Int64 { 5000 }

  /// A destination.
  /// - Parameters:
  ///   - place: what it is and where, in words, for errors: `webhook hooks.example`.
  ///   - requestsPerSecond: how many requests it gets in a second at most.
  ///   - transport: where requests go.
  ///   - shouldStop: asked while waiting.
  init(
    _ service: Kind, place: String, requestsPerSecond: Int, _ transport: consuming Transport, _ stop: PatientStop
  ) {
    self.service = service
    self.place = place
    mask = Mask(service.secrets)
    self.transport = transport
    self.stop = stop
    rate = RateLimit(perSecond: requestsPerSecond, at: MonotonicClock.nowMs())
  }

  /// The service's.
  public var memory: DeliveredMemory? { service.memory }

  /// None: the group's count.
  public mutating func positions(in topic: String) throws(DestinationError) -> [Int32: Int64] { [:] }

  /// Sends a batch's items, or as many of them as a turn has time for.
  /// - Throws: ``DestinationError``; what was sent of the batch is not sent again with it.
  public mutating func deliver(_ batch: borrowing RecordBatch) throws(DestinationError) -> BatchOutcome {
    if !open.isOf(batch) {
      service.memory?.begin()
      open.open(batch, with: &service)
    }
    let endsMs = MonotonicClock.nowMs() + Self.turnMs
    while let items = open.next(service.limits) {
      try waitForTurn(until: endsMs)
      let nowMs = WallTime.nowMs()
      let request = service.request(for: items, of: open.list, at: nowMs)
      let answer = try send(request)
      let verdict = service.verdict(on: answer, count: items.count, at: nowMs)
      try settle(verdict, answer, request)
    }
    return open.close()
  }

  private func send(_ request: HTTPRequest) throws(DestinationError) -> HTTPAnswer {
    do throws(HTTPError) {
      return try transport.send(request, mask)
    } catch {
      guard error.kind != .stopped else { throw .turnIsOver }
      throw DestinationError("\(place): \(error.sentence)", mayPass: error.kind != .address)
    }
  }

  private mutating func settle(
    _ verdict: Verdict, _ answer: HTTPAnswer, _ request: HTTPRequest
  ) throws(DestinationError) {
    // Most answers are of no interest: they are made short only where somebody reads it.
    var told: String { "\(answer.status) \(mask.answer(answer.body, to: request.body))" }
    switch verdict {
    case .taken: remember(open.settle())
    case .refused: open.settleRefusal("the service refused it", answer: told)
    case .partly(let refused, let again):
      remember(open.settle(refused: refused, again: again, answer: told))
      if !again.isEmpty {
        throw DestinationError("\(place) did not take \(again.count) items yet (\(told))", mayPass: true)
      }
    case .again(let leastMs):
      throw DestinationError(
        "\(place) does not take requests now (it answered \(told))", mayPass: true, leastMs: leastMs)
    case .stop(let why):
      throw DestinationError("\(place) answered \(told): \(why)", mayPass: false)
    }
  }

  private func remember(_ records: [Int]) { service.memory?.sent(records) }

  /// Forgets the batch that is open: somebody else delivers the rest of it.
  public mutating func abandon() { open.abandon() }

  /// Waits until the rate allows another request.
  private mutating func waitForTurn(until endsMs: Int64) throws(DestinationError) {
    while true {
      let nowMs = MonotonicClock.nowMs()
      guard nowMs < endsMs, !stop.isDue else { throw .turnIsOver }
      let waitMs = rate.take(at: nowMs)
      guard waitMs > 0 else { return }
      usleep(UInt32(min(waitMs, 100)) * 1000)
    }
  }
}

/// Where requests go.
enum Transport: ~Copyable {
  /// To the service.
  case client(HTTPClient)
  /// To somebody who looks at them: nothing is sent.
  case reader((String) -> Void)

  borrowing func send(_ request: HTTPRequest, _ mask: Mask) throws(HTTPError) -> HTTPAnswer {
    switch self {
    case .client(let client): return try client.send(request)
    case .reader(let show):
      var text = "\(request.method.rawValue) \(request.url)\n"
      for header in request.headers { text += "\(header.name): \(header.value)\n" }
      text += "\n\(String(decoding: request.body, as: UTF8.self))\n"
      show(mask.hidingSecrets(text))
      return HTTPAnswer(status: 200)
    }
  }
}

/// A wish to stop, and the time that a batch is left to be finished in.
final class PatientStop {
  private let isWanted: () -> Bool
  private var sinceMs: Int64?
  private let patienceMs: Int64

  init(patienceMs: Int64, _ isWanted: @escaping () -> Bool) {
    self.isWanted = isWanted
    self.patienceMs = patienceMs
  }

  /// Whether somebody wants to stop, and has waited long enough.
  var isDue: Bool {
    guard isWanted() else { return false }
    let nowMs = MonotonicClock.nowMs()
    sinceMs = sinceMs ?? nowMs
    return nowMs - (sinceMs ?? nowMs) >= patienceMs
  }
}
