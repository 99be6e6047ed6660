import Glibc
import Synchronization

/// Work on a thread of its own, and how it ended.
final class BackgroundWork: Sendable {
  private let failure = Mutex<Failure?>(nil)
  private let isDone = Atomic<Bool>(false)
  private let work: @Sendable () throws(Failure) -> Void

  /// Starts the work.
  init(_ work: @escaping @Sendable () throws(Failure) -> Void) {
    self.work = work
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<BackgroundWork>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    pthread_detach(thread)
  }

  private func run() {
    do throws(Failure) {
      try work()
    } catch {
      failure.withLock { $0 = error }
    }
    isDone.store(true, ordering: .releasing)
  }

  /// Whether it has ended. Throws what ended it, if it failed.
  func hasEnded() throws(Failure) -> Bool {
    guard isDone.load(ordering: .acquiring) else { return false }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return true
  }
}
