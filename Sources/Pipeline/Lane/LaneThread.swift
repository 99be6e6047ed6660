internal import Glibc

/// A thread of its own for work that blocks.
struct LaneThread: ~Copyable {
  private var thread = pthread_t()

  /// Starts the work. It inherits which signals this thread leaves alone.
  init(_ work: @escaping @Sendable () -> Void) throws(LaneError) {
    let job = Unmanaged.passRetained(Job(work: work))
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Job>.fromOpaque(context).takeRetainedValue().work()
        return nil
      }, job.toOpaque())
    guard status == 0 else {
      job.release()
      throw LaneError(
        "a lane gets no thread: \(String(cString: strerror(status)))", advice: "give fewer --lanes, or raise the limit")
    }
  }

  /// Waits until the work is done.
  consuming func join() { pthread_join(thread, nil) }

  private final class Job: Sendable {
    let work: @Sendable () -> Void
    init(work: @escaping @Sendable () -> Void) { self.work = work }
  }
}
