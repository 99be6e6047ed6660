import Audiences
import Events
import Judge
import Kafka
import Pipeline

/// One of the application's processes, over its lives: who dies or gives up is started again.
final class TrialProcess {
  private let trial: Trial
  let number: Int
  private let folder = SimulatedFolder()
  private(set) var process: SimulatedProcess
  private var lanesRunning = 0
  /// Whether it is to be started again when it has ended.
  private var isWanted = false
  /// Why it ended, each time that it did by itself.
  private(set) var errors: [String] = []

  init(_ trial: Trial, number: Int) {
    self.trial = trial
    self.number = number
    process = SimulatedProcess(trial.world, folder, memoryBytes: trial.options.memoryBytes)
  }

  var disk: SimulatedFolder { folder }
  var isRunning: Bool { lanesRunning > 0 }

  func start() {
    isWanted = true
    let process = SimulatedProcess(trial.world, folder, memoryBytes: trial.options.memoryBytes)
    self.process = process
    let gate = EndGate(lanes: trial.options.lanes)
    let shop = trial.shops[trial.latest]
    lanesRunning = trial.options.lanes
    for lane in 0..<trial.options.lanes {
      var settings = trial.settings(process: number)
      settings.lane = lane
      trial.world.schedule.start { self.run(settings, shop, process, gate) }
    }
  }

  private func run(_ settings: LaneSettings, _ shop: TestShop, _ process: SimulatedProcess, _ gate: EndGate) {
    let trial = trial
    do throws(LaneError) {
      let lane = try Lane(
        process, settings, shop.definitions(readAt: process.startedAt),
        LaneGround(partitionCount: trial.options.partitions, topics: Set(Trial.outputs + [Trial.rejected])), gate,
        LaneProgress(),
        stop: process.stop, observe: { trial.note($0, process: self.number, lane: settings.lane) })
      try lane.run()
    } catch {
      if !process.isDead {
        trial.trace("process \(number) lane \(settings.lane) ends: \(error)")
        errors.append("\(error)")
        process.stop.raise()
      }
    }
    if process === self.process { laneHasEnded() }
  }

  private func laneHasEnded() {
    lanesRunning -= 1
    guard lanesRunning == 0, isWanted else { return }
    startLater()
  }

  private func startLater() {
    let ended = process
    trial.world.schedule.after(trial.world.schedule.chance.from(0...1500)) { [self] in
      if isWanted, process === ended { start() }
    }
  }

  func kill() {
    trial.trace("process \(number) is killed")
    let wasRunning = isRunning
    process.kill()
    lanesRunning = 0
    if wasRunning, isWanted { startLater() }
  }

  func pause(forMs: Int64) {
    trial.trace("process \(number) stands still for \(forMs) ms")
    process.pause(forMs: forMs)
  }

  /// When it ends, it is not started again.
  func retire() { isWanted = false }

  /// Asks it to end; it is started again unless it is the end.
  func stop(forGood: Bool) {
    trial.trace("process \(number) is asked to end")
    if forGood { isWanted = false }
    process.stop.raise()
  }
}
