import Glibc

/// A thread that waits for its turn.
final class Fiber: @unchecked Sendable {
  private let turn = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init() { sem_init(turn, 0, 0) }

  deinit {
    sem_destroy(turn)
    turn.deallocate()
  }

  /// Starts the thread; its work begins with its first turn.
  func begin(_ work: @escaping () -> Void) {
    let start = Unmanaged.passRetained(Start(fiber: self, work: work)).toOpaque()
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let start = Unmanaged<Start>.fromOpaque(context).takeRetainedValue()
        start.fiber.wait()
        start.work()
        return nil
      }, start)
    precondition(status == 0, "no thread: \(String(cString: strerror(status)))")
    pthread_detach(thread)
  }

  func wake() { sem_post(turn) }

  func wait() { while sem_wait(turn) != 0 {} }

  private final class Start {
    let fiber: Fiber
    let work: () -> Void

    init(fiber: Fiber, work: @escaping () -> Void) {
      self.fiber = fiber
      self.work = work
    }
  }
}
