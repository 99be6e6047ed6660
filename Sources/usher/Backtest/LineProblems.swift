import Events

/// Lines that were rejected: each is told, the first hundred one by one.
struct LineProblems {
  let path: String
  private(set) var count = 0
  private static let told = 100

  init(path: String) { self.path = path }

  mutating func add(_ code: Rejection, line: Int64) {
    count += 1
    if count > Self.told { return }
    Terminal.error.write("\(path == "-" ? "stdin" : path):\(line): rejected [\(code.rawValue)]: \(code.sentence)\n")
  }

  func tellRest() {
    if count > Self.told { Terminal.error.write("and \(Figures.grouped(count - Self.told)) more rejected lines\n") }
  }
}
