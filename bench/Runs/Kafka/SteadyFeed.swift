import Events
import Kafka
import Synchronization

/// Sends events at a steady pace on a thread of its own. Each tells the time at which it is sent, as those of a live
/// shop do: where a file's own times lay in the past, the clock of a partition that is read to its end would have gone
/// past them.
final class SteadyFeed: Sendable {
  /// How it went.
  struct Outcome: Sendable {
    var sent = 0
    /// How far it was behind its pace at worst.
    var behindNs: Int64 = 0
    /// The clock of the brokers when it began, in milliseconds since 1970.
    var beganMs: Int64 = 0
  }

  private let pacing: Pacing
  private let made = Mutex(Outcome())

  init(_ pacing: Pacing) { self.pacing = pacing }

  var outcome: Outcome { made.withLock { $0 } }

  /// Starts to send.
  func start(_ file: EventFile, _ settings: KafkaSettings, topic: String) -> BackgroundWork {
    BackgroundWork { () throws(Failure) in
      var sender = try EventSender(settings, topic: topic, file)
      try self.send(&sender)
      try sender.flush()
    }
  }

  private func send(_ sender: inout EventSender) throws(Failure) {
    let beganNs = Clock.nowNs()
    made.withLock { $0.beganMs = Clock.wallUs() / 1000 }
    var stepNs: Int64 = 0
    while sender.sent < pacing.total {
      try StopAsked.check()
      let due = pacing.due(afterNs: Clock.nowNs() - beganNs)
      let time = Array(Instant(ms: Clock.wallUs() / 1000).description.utf8)
      while sender.sent < due {
        guard try sender.send(time: time) else {
          throw Failure(
            "there are only \(Report.grouped(sender.sent)) events, but \(Report.grouped(pacing.total)) are to be sent")
        }
      }
      let sentNs = Clock.nowNs() - beganNs
      note(sender.sent, behindNs: sentNs - stepNs)
      stepNs = pacing.nextStepNs(afterNs: sentNs)
      Clock.sleep(untilNs: beganNs + stepNs)
    }
  }

  private func note(_ sent: Int, behindNs: Int64) {
    made.withLock { outcome in
      outcome.sent = sent
      outcome.behindNs = max(outcome.behindNs, behindNs)
    }
  }
}
