/// Why there is no answer.
public struct HTTPError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What happened, as far as Usher tells cases apart.
  public enum Kind: Sendable, Equatable {
    /// The address is none that can be asked.
    case address
    /// The host's name is not known.
    case unknownHost
    /// Nobody takes a connection there.
    case cannotConnect
    /// The times of the request ran out.
    case timedOut
    /// The connection ended before the answer did.
    case cut
    /// Both sides could not agree on TLS, or the certificate is not to be trusted.
    case tls
    /// The answer has more bytes than are taken.
    case tooLarge
    /// The owner wanted to stop.
    case stopped
    /// Anything else; the sentence has libcurl's words.
    case other
  }

  /// What happened.
  public let kind: Kind
  /// The host that was asked, and its port where the address names one.
  public let host: String
  /// What, where, why, and what to do: one sentence without a full stop, and nothing of the request but its host.
  public let sentence: String

  /// The sentence.
  public var description: String { sentence }

  init(_ kind: Kind, host: String, words: String, limits: HTTPLimits) {
    self.kind = kind
    self.host = host
    sentence =
      switch kind {
      case .address: "there is no host in the address that is to be asked; check 'url'"
      case .unknownHost: "the host \(host) is not known; check its name, and this machine's name server"
      case .cannotConnect: "no connection to \(host) could be made (\(words)); check that it is up and may be reached"
      case .timedOut:
        "\(host) did not answer in time (\(limits.connectMs) ms to connect, \(limits.wholeMs) ms in all); it may be slow "
          + "or away"
      case .cut: "\(host) ended the connection before its answer was complete (\(words))"
      case .tls: "no secure connection to \(host) could be made (\(words)); check its certificate and this machine's"
      case .tooLarge: "\(host) answered with more than \(limits.answerBytes) bytes; check that 'url' is the right one"
      case .stopped: "the request to \(host) was given up, because the worker is to stop"
      case .other: "the request to \(host) failed: \(words)"
      }
  }
}
