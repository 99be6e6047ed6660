import Glibc
import Pipeline

/// Turns SIGINT and SIGTERM into a raised flag. A second one ends the process at once, which is safe: what is not
/// committed is done again.
enum StopSignal {
  /// To be called before any other thread is started, since threads inherit which signals they leave alone.
  static func raising(_ flag: StopFlag) {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    var thread = pthread_t()
    let context = Unmanaged.passRetained(flag).toOpaque()
    pthread_create(&thread, nil, { waitForSignals($0) }, context)
    pthread_detach(thread)
  }
}

private func waitForSignals(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  let flag = Unmanaged<StopFlag>.fromOpaque(context).takeRetainedValue()
  var signals = sigset_t()
  sigemptyset(&signals)
  sigaddset(&signals, SIGINT)
  sigaddset(&signals, SIGTERM)
  var signal: Int32 = 0
  while sigwait(&signals, &signal) == 0 {
    if flag.isRaised { _exit(128 + signal) }
    flag.raise()
  }
  return nil
}
