/// A point between two characters of a text. Both numbers begin at 1; columns count Unicode scalars.
public struct Position: Sendable, Hashable, Comparable {
  /// The line, from 1.
  public let line: Int
  /// The column, from 1.
  public let column: Int

  /// A position.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// Earlier in the text.
  public static func < (left: Position, right: Position) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// A stretch of text, from its first character to just after its last one.
public struct Place: Sendable, Hashable {
  /// Where it begins.
  public let start: Position
  /// Where it has ended.
  public let end: Position

  /// A place.
  public init(start: Position, end: Position) {
    self.start = start
    self.end = end
  }

  /// An empty place at one position.
  public init(at position: Position) {
    self.init(start: position, end: position)
  }

  /// The very beginning of a file.
  public static let start = Place(at: Position(line: 1, column: 1))
}
