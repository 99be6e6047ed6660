import Glibc

/// A value that one thread changes and another waits for.
///
/// `@unchecked Sendable`: every access to the value goes through its mutex.
final class Watched<Value>: @unchecked Sendable {
  private var value: Value
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Changes or reads the value, and wakes whoever waits.
  @discardableResult
  func with<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer {
      pthread_cond_broadcast(condition)
      pthread_mutex_unlock(mutex)
    }
    return body(&value)
  }

  /// Waits until `isEnough`; false when the time is up before. It blocks no thread on which tests run.
  func wait(seconds: Int, until isEnough: @escaping @Sendable (Value) -> Bool) async -> Bool {
    await withCheckedContinuation { continuation in
      onThread { continuation.resume(returning: self.block(seconds: seconds, until: isEnough)) }
    }
  }

  /// The same on a thread of one's own, which it blocks.
  @discardableResult
  func block(seconds: Int, until isEnough: (Value) -> Bool) -> Bool {
    var deadline = timespec()
    clock_gettime(CLOCK_REALTIME, &deadline)
    deadline.tv_sec += seconds
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while !isEnough(value) {
      if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { return isEnough(value) }
    }
    return true
  }
}

/// Starts a thread of its own for work that blocks.
func onThread(_ work: @escaping @Sendable () -> Void) {
  final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let context = Unmanaged.passRetained(Work(work)).toOpaque()
  pthread_create(
    &thread, nil,
    { context in
      guard let context else { return nil }
      Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
      return nil
    }, context)
  pthread_detach(thread)
}
