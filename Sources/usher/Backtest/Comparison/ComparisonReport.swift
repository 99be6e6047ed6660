import Audiences
import Engine
import Events
import Pipeline

/// What a comparison comes to.
struct ComparisonReport {
  /// The folders of the two sets of definitions.
  let folders: [String]
  let terminal: Terminal

  func text(_ pair: borrowing BacktestPair, rejected: Int) -> String {
    let audiences = pair.audiences
    let standings = pair.differences.standings()
    var columns = Columns([
      ("audience", .left), ("here", .right), ("there", .right), ("in both", .right), ("entries +", .right),
      ("-", .right), ("exits +", .right), ("-", .right), ("first differing", .left),
    ])
    var same = 0
    for (number, key) in audiences.keys.enumerated() {
      let difference = pair.differences.found[number]
      let only = audiences.onlySide(of: number)
      if difference.first == nil && only == nil { same += 1 }
      let standing = standings[number]
      let here = only == .there ? "-" : Figures.grouped(standing.both + standing.onlyHere)
      let there = only == .here ? "-" : Figures.grouped(standing.both + standing.onlyThere)
      columns.add(
        [key, here, there, only == nil ? Figures.grouped(standing.both) : "-"]
          + [Change.Kind.entered, .exited].flatMap { kind in
            ComparedAudiences.Side.allCases.map { side in Self.figure(difference[kind, side]) }
          } + [Self.remark(difference, only)])
    }
    var text = "here:   \(folders[0]), \(Figures.counted(pair.here.backtest.plan.audiences.count, "audience"))\n"
    text += "there:  \(folders[1]), \(Figures.counted(pair.there.backtest.plan.audiences.count, "audience"))\n\n"
    text += columns.text(on: terminal) + "\n"
    if same == audiences.keys.count {
      text += "Both sets of definitions make the same changes.\n"
    } else {
      text += "+ is made here alone, - there alone. "
      text += "\(Figures.grouped(same)) of \(Figures.counted(audiences.keys.count, "audience")) the same.\n"
    }
    return text + BacktestText(terminal: terminal).notes(pair.here.backtest, rejected: rejected)
  }

  /// A number; nothing for zero, so that what differs stands out.
  private static func figure(_ count: Int) -> String { count == 0 ? "" : Figures.grouped(count) }

  private static func remark(_ difference: Difference, _ only: ComparedAudiences.Side?) -> String {
    switch only {
    case .here: "only here"
    case .there: "only there"
    case nil: difference.first.map(BacktestText.minute) ?? "same"
    }
  }

  func json(_ pair: borrowing BacktestPair, rejected: Int) -> String {
    let standings = pair.differences.standings()
    var json = JSONWriter()
    json.raw("{\"here\":")
    json.string(folders[0])
    json.raw(",\"there\":")
    json.string(folders[1])
    json.raw(",\"audiences\":{")
    for (number, key) in pair.audiences.keys.enumerated() {
      if number > 0 { json.raw(",") }
      json.string(key)
      let standing = standings[number]
      json.text(
        ":{\"here\":\(standing.both + standing.onlyHere),\"there\":\(standing.both + standing.onlyThere),"
          + "\"in_both\":\(standing.both),\"only_here\":\(standing.onlyHere),\"only_there\":\(standing.onlyThere)")
      if let only = pair.audiences.onlySide(of: number) {
        json.text(",\"exists\":\"\(only == .here ? "here" : "there")\"")
      }
      Self.write(pair.differences.found[number], to: &json)
      json.raw("}")
    }
    json.raw("}")
    BacktestReport.write(pair.here.backtest.span, to: &json)
    json.text(
      ",\"events\":\(pair.here.backtest.tally.events),\"profiles\":\(pair.here.backtest.profiles),\"rejected\":\(rejected)}\n"
    )
    return json.text
  }

  private static func write(_ difference: Difference, to json: inout JSONWriter) {
    let kinds: [(Change.Kind, String)] = [
      (.entered, "entries"), (.exited, "exits"), (.heldOut, "held_out"), (.holdoutEnded, "holdouts_ended"),
    ]
    for (kind, name) in kinds {
      json.text(
        ",\"\(name)_only_here\":\(difference[kind, .here]),\"\(name)_only_there\":\(difference[kind, .there])")
    }
    if let first = difference.first { json.text(",\"first_difference\":\"\(first)\"") }
  }
}
