import Foundation
import Judge
import Kafka
import KafkaTestSupport

/// What happens to processes, brokers and requests.
enum SoakFault: String, CaseIterable {
  /// A process dies, and comes back at once.
  case kill
  case killBoth
  /// A broker dies, and comes back after some seconds; in turn, or the coordinator of a transaction.
  case broker
  /// A process stands still until others have its partitions, and wakes up.
  case zombie
  /// A process is stopped, and started again at once.
  case restart
  /// A process is stopped, and started again when others have its partitions.
  case absence
  /// Two processes end, one by a crash, and come back in each other's place.
  case swap
  /// Requests to the coordinator are late.
  case delay
  /// The answers of some do not come.
  case drop
  /// The end of a transaction comes when its producer has given it up.
  case hold

  static let deck: [SoakFault] = [
    .kill, .kill, .kill, .kill, .killBoth, .killBoth, .broker, .broker, .broker, .zombie, .restart, .absence, .swap,
    .delay, .delay, .drop, .hold,
  ]
}

/// Lets faults happen.
struct SoakFaults {
  private let fleet: SoakFleet
  private let kafka: RealKafka
  private let proxy: KafkaProxy
  private let settings: SoakSettings
  private let diary: SoakDiary
  private var dice: Dice
  private var brokersKilled = 0

  private static let coordinatorRequests: [RequestKind] = [
    .endTransaction, .endTransaction, .addPartitionsToTransaction, .addOffsetsToTransaction, .transactionOffsetCommit,
    .initProducerId,
  ]

  init(
    _ settings: SoakSettings, _ fleet: SoakFleet, _ kafka: RealKafka, _ proxy: KafkaProxy, _ diary: SoakDiary,
    _ dice: Dice
  ) {
    self.settings = settings
    self.fleet = fleet
    self.kafka = kafka
    self.proxy = proxy
    self.diary = diary
    self.dice = dice
  }

  mutating func happen(_ fault: SoakFault) throws {
    diary.count("faults")
    switch fault {
    case .kill: try kill(dice.below(SoakFleet.processes))
    case .killBoth: try killBoth()
    case .broker: try killBroker()
    case .zombie: try standStill(dice.below(SoakFleet.processes))
    case .restart: try restart(dice.below(SoakFleet.processes), after: 0)
    case .absence:
      try restart(dice.below(SoakFleet.processes), after: SoakSettings.sessionTimeoutMs + dice.from(500...6000))
    case .swap: try swap()
    case .delay: try delay()
    case .drop: try trouble(dice.pick(Self.coordinatorRequests), .dropAnswer)
    case .hold: try hold()
    }
  }

  /// The next fault finds a process that has just begun, or one that is well at work.
  mutating func pause() { sleep(dice.percent(30) ? dice.from(20...600) : dice.from(600...4000)) }

  private func sleep(_ timeMs: Int) { usleep(UInt32(timeMs) * 1000) }

  private mutating func kill(_ index: Int) throws {
    diary.note("kill \(fleet.name(index))")
    fleet.kill(index)
    try fleet.restart(index)
  }

  private mutating func killBoth() throws {
    diary.note("kill both")
    for index in dice.shuffled([0, 1]) {
      fleet.kill(index)
      if dice.percent(50) { sleep(dice.below(1000)) }
    }
    for index in 0..<SoakFleet.processes { try fleet.restart(index) }
  }

  private mutating func killBroker() throws {
    let inTurn = brokersKilled % settings.brokers
    let coordinator = proxy.broker(ofLast: .endTransaction) ?? inTurn
    let broker = brokersKilled % 2 == 0 ? inTurn : coordinator
    brokersKilled += 1
    diary.note("kill broker \(broker)\(broker == coordinator ? ", a coordinator" : "")")
    try kafka.kill(broker: broker)
    diary.count("brokers killed")
    if broker == coordinator { diary.count("of these coordinators") }
    sleep(dice.from(300...6000))
    if dice.percent(40) { try kill(dice.below(SoakFleet.processes)) }
    try kafka.resume(broker: broker)
    diary.note("broker \(broker) is back")
    // Another one must not go before this one holds what the others hold.
    sleep(dice.from(3000...6000))
  }

  private mutating func standStill(_ index: Int) throws {
    let process = fleet.members[index].process
    diary.note("\(fleet.name(index)) stands still")
    diary.count("SIGSTOPs")
    process.send(SIGSTOP)
    defer { process.send(SIGCONT) }
    guard settings.ownership == .fixed else {
      sleep(SoakSettings.sessionTimeoutMs + dice.from(500...16_000))
      diary.note("\(fleet.name(index)) goes on")
      return
    }
    // By arithmetic nobody takes its partitions unless somebody is started under its number.
    sleep(dice.from(0...3000))
    try fleet.startSecond(index)
    sleep(dice.from(0...12_000))
    diary.note("the first \(fleet.name(index)) goes on beside the second")
    process.send(SIGCONT)
    fleet.settle(index, first: process, firstFolder: fleet.spareFolder)
  }

  private mutating func restart(_ index: Int, after pauseMs: Int) throws {
    diary.note("stop \(fleet.name(index))\(pauseMs > 0 ? " for \(pauseMs) ms" : "")")
    diary.count("SIGTERMs")
    fleet.ask(index)
    sleep(pauseMs)
    try fleet.restart(index)
  }

  private mutating func swap() throws {
    let index = dice.below(2)
    diary.note("stop \(fleet.name(index)), kill \(fleet.name(1 - index)), and exchange their places")
    diary.count("SIGTERMs")
    fleet.ask(index)
    fleet.kill(1 - index)
    fleet.exchangeNumbers()
    for index in 0..<SoakFleet.processes { try fleet.restart(index) }
  }

  private mutating func delay() throws {
    // Longer than a producer waits for an answer, or not.
    let delayMs = dice.percent(40) ? dice.from(10_500...13_000) : dice.from(200...4000)
    try trouble(dice.pick(Self.coordinatorRequests), .delay(ms: delayMs))
  }

  private mutating func trouble(_ request: RequestKind, _ action: RequestFault.Action) throws {
    let times = dice.from(1...3)
    diary.note("\(request) \(action), \(times) times")
    diary.count("requests troubled", times)
    proxy.add(RequestFault(request, action, times: times))
    // A producer takes up its id when it is new.
    if request == .initProducerId || dice.percent(30) { try kill(dice.below(SoakFleet.processes)) }
    sleep(dice.from(500...3000))
  }

  private mutating func hold() throws {
    diary.note("hold an end of a transaction back")
    diary.count("requests troubled")
    proxy.add(RequestFault(.endTransaction, .hold))
    if dice.percent(50) {
      sleep(dice.from(200...1000))
      try kill(dice.below(SoakFleet.processes))
      sleep(dice.from(0...4000))
    } else {
      sleep(dice.from(10_500...16_000))
    }
    diary.note("the end that was held back comes: \(proxy.deliverHeld())")
  }
}
