import Events

/// Measures as what a profile has: `total revenue over Order Completed events`.
enum MeasureWords {
  /// A measure of the events of a query.
  static func of(_ measure: Measure, _ query: EventQuery, since: SinceWords = SinceWords()) -> String {
    let events = EventWords.events(query, since: since)
    return switch measure {
    case .count: "number of \(query.pick == nil ? "" : "events that are ")\(events)"
    case .sum(let path, nil): "total \(path) over \(events)"
    case .sum(let path, .some(let times)): "total of \(path) times \(times) over \(events)"
    case .average(let path): "average \(path) over \(events)"
    case .min(let path): "smallest \(path) in \(events)"
    case .max(let path): "largest \(path) in \(events)"
    case .distinct(let path): "number of different \(path) values in \(events)"
    case .favorite(let path): "most frequent \(path) in \(events)"
    case .firstAt: "time of \(one(.first, of: query))"
    case .lastAt: "time of \(one(.last, of: query))"
    case .first(let path): "\(path) of \(one(.first, of: query)) that has one"
    case .last(let path): "\(path) of \(one(.last, of: query)) that has one"
    case .collect(let paths, let keep):
      "\(Words.list(paths.map(\.description))) of the latest \(keep == 1 ? "one" : "\(keep)") of \(events)"
    }
  }

  /// The latest or first of a query's events; the one that is picked where it picks one.
  private static func one(_ pick: Pick, of query: EventQuery) -> String {
    if query.pick != nil { return EventWords.events(query) }
    return "the \(pick.inWords) \(EventWords.name(query.events))\(EventWords.qualities(query, withWindow: true))"
  }
}
