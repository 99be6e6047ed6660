import Audiences
import YAML

/// What a code of a warning or an error means, for `--explain`.
enum CodeWords {
  /// Its title and its explanation, wrapped. An unknown code is wrong usage.
  static func of(_ code: String, width: Int) throws(Failure) -> String {
    guard let explanation = CodeExplanation.all.first(where: { $0.code == code.uppercased() }) else {
      let codes = CodeExplanation.all.map(\.code)
      let nearest = NearestWord.of(code.uppercased(), among: codes).map { "did you mean \($0)? " } ?? ""
      throw Failure(
        message: "there is no code \(Quoted.of(code))", advice: "\(nearest)codes are \(codes.joined(separator: ", "))",
        exitCode: 2)
    }
    let paragraphs = explanation.text.split(separator: "\n\n").map {
      Help.words(String($0), width: width).map { $0 + "\n" }.joined()
    }
    return "\(explanation.code): \(explanation.title)\n\n" + paragraphs.joined(separator: "\n")
  }
}
