/// A request to a server.
public struct HTTPRequest: Sendable, Equatable {
  /// What is asked of the server.
  public enum Method: String, Sendable {
    /// To give something.
    case get = "GET"
    /// To take something.
    case post = "POST"
    /// To put something in a place.
    case put = "PUT"
    /// To remove something.
    case delete = "DELETE"
  }

  /// What is asked of the server.
  public var method: Method
  /// The address: `https://host/path?query`, or `http://…`.
  public var url: String
  /// The headers, in their order. Neither a name nor a value may hold the end of a line.
  public var headers: [(name: String, value: String)]
  /// The body; empty for none.
  public var body: [UInt8]

  /// A request.
  public init(
    _ method: Method = .post, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }

  /// The host, and the port where the address names one: all that may be told of an address.
  public var host: String { Self.host(of: url) }

  /// The host of an address, and the port where it names one; empty where it has none.
  public static func host(of url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return "" }
    let authority = url[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    return String(authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
  }

  /// A text as it may stand in the query of an address: what is neither a letter, a digit nor one of `-._~` by its bytes.
  public static func queryWord(_ text: String) -> String {
    var word = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if scalar.isASCII, scalar.properties.isAlphabetic || "0123456789-._~".unicodeScalars.contains(scalar) {
        word.unicodeScalars.append(scalar)
      } else {
        word += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return word
  }

  /// Whether all of two requests is equal.
  public static func == (a: HTTPRequest, b: HTTPRequest) -> Bool {
    a.method == b.method && a.url == b.url && a.body == b.body
      && a.headers.elementsEqual(b.headers) { $0.name == $1.name && $0.value == $1.value }
  }
}
