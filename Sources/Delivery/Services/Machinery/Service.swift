public import HTTP

/// What is particular to one kind of destination that is reached over HTTP: how a change looks there, how many go into a
/// request, and what an answer means. Everything else is ``HTTPDestination``'s: batches, order, rate, retries, what is put
/// aside, and what may be told of an answer.
public protocol Service {
  /// What one request may hold.
  var limits: RequestLimits { get }
  /// In which order the items of a batch go.
  var order: ItemOrder { get }
  /// What no answer, no error and no dry run may show, in every form in which requests hold it.
  var secrets: [String] { get }
  /// Of a service that drops no repeat, what it was sent; `nil` of all others.
  var memory: DeliveredMemory? { get }

  /// Writes what a record becomes there: any number of items, none where it is not for this destination.
  /// - Throws: ``ItemRefusal`` where it can never be delivered.
  mutating func write(_ record: BatchRecord, to list: inout ItemList) throws(ItemRefusal)

  /// A request with some items, which are of one group, in their order.
  /// - Parameters:
  ///   - items: their numbers in the list; at least one.
  ///   - nowMs: the time of day, in milliseconds since 1970.
  func request(for items: ArraySlice<Int>, of list: borrowing ItemList, at nowMs: Int64) -> HTTPRequest

  /// What an answer means for the `count` items of its request.
  /// - Parameter nowMs: the time of day, in milliseconds since 1970.
  func verdict(on answer: HTTPAnswer, count: Int, at nowMs: Int64) -> Verdict
}

extension Service {
  /// Repeats are harmless.
  public var memory: DeliveredMemory? { nil }

  /// By the status alone.
  public func verdict(on answer: HTTPAnswer, count: Int, at nowMs: Int64) -> Verdict { answer.usualVerdict(at: nowMs) }
}

/// What one request to a service may hold.
public struct RequestLimits: Sendable, Equatable {
  /// How many items.
  public var items: Int
  /// How many bytes of items, the commas between them included.
  public var bytes: Int
  /// How many bytes one item may have.
  public var itemBytes: Int

  /// Limits of a request.
  public init(items: Int, bytes: Int, itemBytes: Int) {
    self.items = items
    self.bytes = bytes
    self.itemBytes = itemBytes
  }
}

/// Why a record can never be delivered.
public struct ItemRefusal: Error, Sendable, Equatable {
  /// Why, in words; nothing of the record itself.
  public let reason: String

  /// A refusal.
  public init(_ reason: String) { self.reason = reason }
}

/// What an answer means.
public enum Verdict: Sendable, Equatable {
  /// All items were taken.
  case taken
  /// Some were not, by their places in the request: those refused can never be taken, those to come again may be.
  case partly(refused: [Int: String], again: Set<Int>)
  /// None was taken, and the same may go well later: not before so many milliseconds, where the service says so.
  case again(leastMs: Int64)
  /// None was taken, because of one or more that can never be. Which they are is found out with smaller requests.
  case refused
  /// None was taken, and none will be before somebody changes something: what, in words.
  case stop(String)
}

extension HTTPAnswer {
  /// What a status means to most services.
  /// - Parameter nowMs: the time of day, in milliseconds since 1970.
  public func usualVerdict(at nowMs: Int64) -> Verdict {
    switch status {
    case 200..<300: return .taken
    case 429: return .again(leastMs: retryAfterMs(at: nowMs) ?? rateLimitResetMs(at: nowMs) ?? 0)
    // 409: the same request, by its idempotency key, is still being worked on.
    case 408, 409, 425, 500...: return .again(leastMs: retryAfterMs(at: nowMs) ?? 0)
    case 400, 413, 422: return .refused
    case 401, 403: return .stop("it does not accept the secret; check that it is the right one and still valid")
    case 300..<400: return .stop("it redirects elsewhere, and redirects are not followed; give the right address")
    case 404, 405, 410: return .stop("there is nothing at this address to deliver to; check 'url'")
    default: return .stop("this answer is not known; check 'url', and what the service says about it")
    }
  }
}
