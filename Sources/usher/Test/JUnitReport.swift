import Audiences
import Pipeline

/// A run of tests in the form that build servers read: a suite for each file, a case for each profile.
struct JUnitReport {
  /// What is told.
  let report: TestReport

  /// The document.
  var text: String {
    let counts = "tests=\"\(report.profiles)\" failures=\"\(report.failures)\""
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites name=\"usher test\" \(counts) time=\"\(seconds)\">\n"
    for file in report.files { text += suite(file) }
    return text + "</testsuites>\n"
  }

  /// Milliseconds as seconds with three decimals.
  private var seconds: String {
    let rest = String(report.ms % 1000)
    return "\(report.ms / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }

  private func suite(_ file: TestReport.File) -> String {
    let failures = file.outcomes.count { !$0.passed }
    let counts = "tests=\"\(file.outcomes.count)\" failures=\"\(failures)\""
    var text = "  <testsuite name=\"\(Self.escaped(file.key))\" file=\"\(Self.escaped(file.path))\" \(counts)>\n"
    for outcome in file.outcomes {
      let place = "file=\"\(Self.escaped(file.path))\" line=\"\(outcome.profile.line)\""
      let name = "classname=\"\(Self.escaped(file.key))\" name=\"\(Self.escaped(outcome.profile.name))\""
      let lines = OutcomeWords.lines(outcome, of: file.path)
      guard let first = lines.first else {
        text += "    <testcase \(name) \(place)/>\n"
        continue
      }
      text += "    <testcase \(name) \(place)>\n      <failure message=\"\(Self.escaped(first))\">"
      text += Self.escaped(lines.joined(separator: "\n")) + "</failure>\n    </testcase>\n"
    }
    return text + "  </testsuite>\n"
  }

  /// Text as XML has it; characters that XML 1.0 cannot hold become a replacement character.
  static func escaped(_ text: String) -> String {
    var written = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": written += "&amp;"
      case "<": written += "&lt;"
      case ">": written += "&gt;"
      case "\"": written += "&quot;"
      case "\n": written += "&#10;"
      case "\t": written += "&#9;"
      case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: written += "\u{FFFD}"
      default: written.unicodeScalars.append(scalar)
      }
    }
    return written
  }
}
