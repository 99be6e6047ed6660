import Glibc
import Synchronization

/// A thread of its own for work that blocks, and how it ended.
final class DemoWorker: Sendable {
  private let failure = Mutex<Failure?>(nil)
  private let isDone = Atomic<Bool>(false)

  /// Starts the work.
  init(_ work: @escaping @Sendable () throws(Failure) -> Void) {
    let task = Task(worker: self, work: work)
    var thread = pthread_t()
    pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Task>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(task).toOpaque())
    pthread_detach(thread)
  }

  private final class Task: Sendable {
    let worker: DemoWorker
    let work: @Sendable () throws(Failure) -> Void

    init(worker: DemoWorker, work: @escaping @Sendable () throws(Failure) -> Void) {
      self.worker = worker
      self.work = work
    }

    func run() {
      do throws(Failure) {
        try work()
      } catch {
        worker.failure.withLock { $0 = error }
      }
      worker.isDone.store(true, ordering: .releasing)
    }
  }

  /// Whether the work has ended.
  var hasEnded: Bool { isDone.load(ordering: .acquiring) }

  /// Throws what ended the work, if it failed.
  func check() throws(Failure) {
    if let failure = failure.withLock({ $0 }) { throw failure }
  }
}
