import Pipeline
import Testing

/// The two ways in which partitions come to lanes: what is promised of one is promised of the other.
enum Ownership: String, CaseIterable, CustomTestStringConvertible {
  case group, fixed

  /// The settings of one of several processes.
  func settings(_ settings: LaneSettings, process: Int, of processes: Int) -> LaneSettings {
    var one = settings
    one.instance = "\(process)"
    if self == .fixed { one.sharing = .fixed(process: process, processes: processes) }
    return one
  }

  /// What the command line says for one of several processes.
  func words(process: Int, of processes: Int) -> [String] {
    let instance = ["--instance", "shop-\(process)"]
    return self == .fixed ? instance + ["--assign", "static", "--processes", "\(processes)"] : instance
  }

  var testDescription: String { rawValue }
}
