import Events

/// The members of a JSON object whose values are texts, numbers or truths, of the form that ``JSONWriter`` writes.
enum FlatMembers {
  /// A value.
  enum Value {
    /// A text, as it is.
    case text(String)
    /// A number, `true` or `false`, as it is written.
    case word(Bytes)
  }

  /// The members of an object; lists, objects and `null` are left out.
  static func of(_ object: Bytes?) -> [(name: String, value: Value)] {
    guard let object, object.count > 2 else { return [] }
    var members: [(name: String, value: Value)] = []
    var at = 1
    while at < object.count - 1 {
      let name = text(object, &at)
      at += 1
      switch object[at] {
      case 0x22: members.append((name, .text(text(object, &at))))
      case 0x7B, 0x5B: skip(object, &at)
      default:
        let start = at
        while at < object.count - 1, object[at] != 0x2C { at += 1 }
        let word = object.slice(start, at)
        if word != Bytes("null") { members.append((name, .word(word))) }
      }
      at += 1
    }
    return members
  }

  /// Reads a text in quotes, and goes behind it.
  private static func text(_ json: Bytes, _ at: inout Int) -> String {
    var bytes: [UInt8] = []
    at += 1
    while at < json.count, json[at] != 0x22 {
      if json[at] == 0x5C, at + 1 < json.count {
        at += 1
        switch json[at] {
        case 0x6E: bytes.append(0x0A)
        case 0x72: bytes.append(0x0D)
        case 0x74: bytes.append(0x09)
        // Other control characters are of no use to anybody: a space stands for each.
        case 0x75:
          bytes.append(0x20)
          at += 4
        default: bytes.append(json[at])
        }
      } else {
        bytes.append(json[at])
      }
      at += 1
    }
    at += 1
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Goes behind a list or an object.
  private static func skip(_ json: Bytes, _ at: inout Int) {
    var depth = 0
    repeat {
      switch json[at] {
      case 0x22:
        _ = text(json, &at)
        continue
      case 0x7B, 0x5B: depth += 1
      case 0x7D, 0x5D: depth -= 1
      default: break
      }
      at += 1
    } while depth > 0 && at < json.count
  }
}
