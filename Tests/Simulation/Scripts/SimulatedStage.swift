/// A stage before simulated brokers that are not disturbed.
package struct SimulatedStage {
  private let process: SimulatedProcess

  package init(seed: UInt64) {
    let world = Surroundings(Schedule(seed: seed), originMs: Trial.originMs)
    world.cluster.create("input", partitions: 2)
    world.cluster.create("output", partitions: 1)
    process = SimulatedProcess(world, SimulatedFolder(), memoryBytes: nil)
  }

  /// Plays a script.
  package func play(_ script: Script) throws -> [String] {
    defer { process.kill() }
    return try script.play(on: Stage(process, input: "input", output: "output", name: script.rawValue))
  }
}
