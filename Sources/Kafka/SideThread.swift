import Glibc
import Synchronization

/// Runs `work` on a thread of its own and waits at most `timeoutMs` for its result.
///
/// Some calls of librdkafka 2.0.2 can block past their own timeout: watermark queries (fixed in 2.3.0), and close and
/// destroy (fixed in 2.1.0 and 2.6.1). After the deadline the caller goes on; the thread ends when the call returns.
/// - Returns: nil when the deadline passed first.
func onSideThread<Result: Sendable>(timeoutMs: Int32, _ work: @escaping @Sendable () -> Result) -> Result? {
  guard let job = SideJob(work) else { return work() }
  let retained = Unmanaged.passRetained(job as AnySideJob)
  var thread = pthread_t()
  let status = pthread_create(
    &thread, nil,
    { argument in
      Unmanaged<AnySideJob>.fromOpaque(argument!).takeRetainedValue().run()
      return nil
    }, retained.toOpaque())
  if status != 0 {
    retained.release()
    return work()
  }
  pthread_detach(thread)
  return job.wait(timeoutMs: timeoutMs)
}

/// What the C entry point of a thread can name: a job without its result type.
private class AnySideJob {
  func run() { preconditionFailure("a side job must say what it runs") }
}

/// One piece of work, its result, and the pipe that tells of it (waiting on a pipe takes no notice of clock changes).
private final class SideJob<Result: Sendable>: AnySideJob {
  private let work: @Sendable () -> Result
  private let result = Mutex<Result?>(nil)
  private let reader: Int32
  private let writer: Int32

  /// Nil when the process has no file descriptor left.
  init?(_ work: @escaping @Sendable () -> Result) {
    var ends: (Int32, Int32) = (-1, -1)
    let status = withUnsafeMutableBytes(of: &ends) { pipe($0.assumingMemoryBound(to: Int32.self).baseAddress!) }
    (reader, writer) = ends
    self.work = work
    guard status == 0 else { return nil }
    for end in [reader, writer] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    if reader >= 0 { close(reader) }
    if writer >= 0 { close(writer) }
  }

  override func run() {
    let value = work()
    result.withLock { $0 = value }
    var done: UInt8 = 1
    write(writer, &done, 1)
  }

  func wait(timeoutMs: Int32) -> Result? {
    let deadline = Deadline(afterMs: timeoutMs)
    var event = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
    while poll(&event, 1, deadline.remainingMs) < 0, errno == EINTR {}
    return result.withLock { $0 }
  }
}
