import Foundation
import Judge
import Kafka
import Pipeline
import Simulation

/// Writes the standard workload at a steady pace, and now and then a record that nobody can read.
final class SoakWriter: Sendable {
  struct Progress: Sendable {
    var records = 0
    var hasEnded = false
    /// Why its producer had to be made anew: what that one had not delivered is not in the log, or twice.
    var failures: [String] = []
  }

  let progress = Watched(Progress())
  private let stop = StopFlag()

  /// Event times lie ahead of every clock, so that none but those of the log says what is due.
  private static let beginningMs: Int64 = 3_786_912_000_000
  private static let recordedMs: Int64 = 4_733_510_400_000
  private static let stepMs = 50
  private static let poison = ["not json", "{}", "{\"type\":\"track\"}", "", "{\"type\":\"track\",\"userId\":\"u1\"}"]

  /// Starts to write.
  init(_ settings: SoakSettings, to topic: String, _ kafka: KafkaSettings) {
    let (progress, stop) = (progress, stop)
    onThread {
      var writing = Writing(settings, topic, kafka)
      while !stop.isRaised {
        progress.with { $0.records = writing.number }
        do { try writing.step() } catch { progress.with { $0.failures.append("\(error)") } }
        usleep(UInt32(Self.stepMs) * 1000)
      }
      do { try writing.finish() } catch { progress.with { $0.failures.append("\(error)") } }
      progress.with { ($0.records, $0.hasEnded) = (writing.number, true) }
    }
  }

  /// Ends the writing, and waits until everything has arrived.
  func end() -> Progress {
    stop.raise()
    progress.block(seconds: 180) { $0.hasEnded }
    return progress.with { $0 }
  }

  /// How many records of a log nobody can read.
  static func poisonCount(in input: [Incoming]) -> Int {
    input.count { poison.contains($0.value ?? "") }
  }

  /// What the thread does.
  private struct Writing {
    private let settings: SoakSettings
    private let topic: String
    private let kafka: KafkaSettings
    private var log: WorkloadLog
    private var dice: Dice
    private let began = ContinuousClock.now
    private var open: (producer: Producer, topic: ProducerTopic)?
    var number = 0

    init(_ settings: SoakSettings, _ topic: String, _ kafka: KafkaSettings) {
      self.settings = settings
      self.topic = topic
      self.kafka = kafka
      log = WorkloadLog(profiles: settings.profiles, seed: settings.seed, fromMs: beginningMs)
      dice = Dice(seed: settings.seed &+ 1)
    }

    /// Writes what is due by now.
    mutating func step() throws {
      if open == nil {
        let producer = try Producer(kafka)
        open = (producer, try producer.topic(topic, timeoutMs: 30_000))
      }
      let passedMs = Int((ContinuousClock.now - began) / .milliseconds(1))
      while number < passedMs * settings.eventsPerSecond / 1000 {
        let (profile, event) = log.event(number: number)
        try send(profile, dice.below(200) == 0 ? dice.pick(poison) : event)
        number += 1
      }
    }

    mutating func finish() throws {
      try open?.producer.flush(timeoutMs: 120_000)
      open?.producer.close(timeoutMs: 10_000)
    }

    private mutating func send(_ key: String, _ value: String) throws {
      guard let open else { return }
      let (key, value) = (Array(key.utf8), Array(value.utf8))
      while true {
        do {
          return try open.producer.produce(
            open.topic, key: key.span.bytes, value: value.span.bytes, timestampMs: recordedMs)
        } catch {
          if error.kind == .queueFull { continue }
          // librdkafka 2.0.2 loses count of an idempotent producer's batches when a broker dies at the wrong moment.
          open.producer.close(timeoutMs: 10_000)
          self.open = nil
          throw error
        }
      }
    }
  }
}
