import Events
import Kafka

/// Reads the changes as everybody downstream does: from the topic.
struct DemoFeed: ~Copyable {
  private let consumer: Consumer
  private var reader: ChangeRecordReader
  private var room: [UInt8] = []
  /// The changes that were read last, the newest first.
  private(set) var latest: [DemoChange] = []

  private static let kept = 200

  init(_ kafka: KafkaSettings, topic: String) throws(KafkaError) {
    let consumer = try Consumer(kafka, ConsumerOptions(group: "\(DemoPlan.app)-feed"))
    try consumer.assign((0..<DemoPlan.partitions).map { (TopicPartition(topic, $0), .beginning) })
    self.consumer = consumer
    reader = ChangeRecordReader()
  }

  /// Takes in what has come, for at most so long; `took` is told each change.
  mutating func read(forMs: Int64, _ took: (DemoChange) -> Void) throws(KafkaError) {
    let endMs = Progress.nowMs() + forMs
    while Progress.nowMs() < endMs {
      guard case .message(let message) = try consumer.poll(timeoutMs: 20), let value = message.value else { continue }
      if let change = change(value) {
        latest.insert(change, at: 0)
        if latest.count > Self.kept { latest.removeLast() }
        took(change)
      }
    }
  }

  private mutating func change(_ value: UnsafeRawBufferPointer) -> DemoChange? {
    room.removeAll(keepingCapacity: true)
    room.append(contentsOf: value)
    room.append(contentsOf: repeatElement(0, count: ChangeRecordReader.padding))
    return room.withUnsafeBytes { bytes in
      do throws(ChangeRejection) {
        return DemoChange(try reader.read(Bytes(UnsafeRawBufferPointer(rebasing: bytes[..<value.count]))))
      } catch {
        return nil
      }
    }
  }

  consuming func close() { consumer.close(timeoutMs: 2000) }
}

/// A change as the demo shows it.
struct DemoChange: Sendable {
  let at: Instant
  let profile: String
  let audience: String
  let kind: ChangeRecord.Kind
  let why: String

  init?(_ change: ChangeRecord) {
    guard let at = Instant(iso8601: change.timestamp) else { return nil }
    self.at = at
    profile = change.profile.text
    audience = change.audience.text
    kind = change.kind
    why =
      switch change.reason.kind.text {
      case "expired": "time passed"
      case "trait": "a trait changed"
      case "suppressed", "outranked": "\(change.reason.kind.text): \(change.reason.name?.text ?? "")"
      default: change.reason.name?.text ?? change.reason.kind.text
      }
  }

  /// `02:13:20  entered  checkout-abandoners  u_104  time passed`
  func line(on terminal: Terminal, audienceWidth: Int) -> String {
    let time = at.description.dropFirst(11).prefix(8)
    let verb =
      switch kind {
      case .entered: terminal.styled("entered", .green)
      case .exited: terminal.styled("left   ", .yellow)
      case .heldOut: terminal.styled("control", .dim)
      case .holdoutEnded: terminal.styled("ctl end", .dim)
      }
    let place = audience.padding(to: audienceWidth)
    return "\(time)  \(verb)  \(place)  \(profile.shortened(to: 14).padding(to: 14))  \(terminal.styled(why, .dim))"
  }
}

extension String {
  /// The text with spaces behind it up to a width.
  func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

  /// The text, or its beginning and a mark that something is missing.
  func shortened(to width: Int) -> String { count <= width ? self : prefix(width - 1) + "…" }
}
