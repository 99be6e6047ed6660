import HTTP
import HTTPTestSupport
import Synchronization
import Testing

@Suite("A client of HTTP")
struct HTTPClientTests {
  private func server(_ reply: @escaping @Sendable (ReceivedRequest) -> Reply) -> StandInServer { StandInServer(reply) }

  private func failure(
    _ reply: Reply, _ limits: HTTPLimits = HTTPLimits(), mustStop: @escaping () -> Bool = { false }
  ) -> HTTPError? {
    let server = server { _ in reply }
    defer { server.stop() }
    let client = HTTPClient(limits, mustStop: mustStop)
    do throws(HTTPError) {
      _ = try client.send(HTTPRequest(.post, server.url + "/secret?key=hunter2", body: Array("{}".utf8)))
      return nil
    } catch {
      #expect(!error.description.contains("hunter2") && error.description.contains("127.0.0.1:\(server.port)"))
      return error
    }
  }

  @Test("sends method, address, headers and body as they are, and one connection serves many requests")
  func exchange() throws {
    let server = server { _ in .answer(207, headers: ["X-Thing": " some thing ", "RETRY-AFTER": "3"], body: "told") }
    defer { server.stop() }
    let client = HTTPClient()
    let body = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    for (method, body) in [(HTTPRequest.Method.post, body), (.delete, body), (.put, []), (.post, []), (.get, [])] {
      let headers = [(name: "X-One", value: "1"), (name: "X-Two", value: "zwei")]
      let request = HTTPRequest(method, server.url + "/a/b?c=d", headers: headers, body: body)
      let answer = try client.send(request)
      #expect(answer.status == 207 && answer.text == "told")
      #expect(answer[header: "x-thing"] == "some thing" && answer[header: "X-THING"] == "some thing")
      #expect(answer[header: "x-other"] == nil && answer.retryAfterMs(at: 0) == 3000)
      let received = try #require(server.requests.last)
      #expect(received.method == method.rawValue && received.target == "/a/b?c=d" && received.body == body)
      #expect(received.headers["x-one"] == "1" && received.headers["x-two"] == "zwei")
      #expect(received.headers["expect"] == nil)
    }
    #expect(server.connectionCount == 1)
  }

  @Test("takes an answer of any status for an answer, and follows no redirect")
  func statuses() throws {
    let elsewhere = server { _ in .ok }
    defer { elsewhere.stop() }
    for status in [200, 204, 302, 307, 401, 404, 429, 500, 503] {
      let server = server { _ in .answer(status, headers: ["Location": elsewhere.url]) }
      defer { server.stop() }
      #expect(try HTTPClient().send(HTTPRequest(.post, server.url)).status == status)
    }
    #expect(elsewhere.requests.isEmpty)
  }

  @Test("tells what went wrong")
  func failures() {
    #expect(failure(.cutBefore)?.kind == .cut)
    #expect(failure(.cutWithin)?.kind == .cut)
    var short = HTTPLimits()
    short.wholeMs = 100
    #expect(failure(.silence, short)?.kind == .timedOut)
    var small = HTTPLimits()
    small.answerBytes = 1000
    #expect(failure(.flood(1001), small) == nil, "only the begin of a long answer is kept: its status counts")
    #expect(failure(.silence, mustStop: { true })?.kind == .stopped)
  }

  @Test("cannot connect where nobody listens, or to no address")
  func nobody() {
    let server = server { _ in .ok }
    server.stop()
    for (url, kind) in [
      (server.url, HTTPError.Kind.cannotConnect), ("", .address), ("ftp://127.0.0.1/", .address),
      ("http://no-such-host.invalid/", .unknownHost),
    ] {
      do throws(HTTPError) {
        _ = try HTTPClient().send(HTTPRequest(.get, url))
        Issue.record("\(url) answered")
      } catch {
        #expect(error.kind == kind, "\(url)")
      }
    }
  }

  @Test("makes no secure connection to who cannot show a certificate")
  func tls() throws {
    let server = server { _ in .ok }
    defer { server.stop() }
    do throws(HTTPError) {
      _ = try HTTPClient().send(HTTPRequest(.get, "https://127.0.0.1:\(server.port)/"))
      Issue.record("it answered")
    } catch {
      #expect(error.kind == .tls)
    }
  }
}

@Suite("An answer of HTTP")
struct HTTPAnswerTests {
  private func answer(_ name: String, _ value: String) -> HTTPAnswer {
    HTTPAnswer(status: 429, headers: [(name, value)])
  }

  @Test("says how long to wait, in seconds or by a date")
  func retryAfter() {
    for (value, ms) in [
      ("120", Int64?.some(120_000)), ("0", 0), ("1.5", 1500), ("Sun, 06 Nov 1994 08:49:37 GMT", 17_000),
      ("-1", nil), ("soon", nil), ("", nil), ("inf", nil), ("nan", nil), ("1e300", nil),
      ("Sun, 36 Nov 1994 08:49:37 GMT", nil),
      ("Sun, 06 Now 1994 08:49:37 GMT", nil),
    ] {
      #expect(answer("Retry-After", value).retryAfterMs(at: 784_111_760_000) == ms, "\(value)")
    }
    #expect(answer("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT").retryAfterMs(at: 800_000_000_000) == 0)
    #expect(answer("X-RateLimit-Reset", "7").rateLimitResetMs(at: 1_790_000_000_000) == 7000)
    #expect(answer("X-RateLimit-Reset", "1790000009").rateLimitResetMs(at: 1_790_000_000_000) == 9000)
    #expect(answer("X-RateLimit-Reset", "x").rateLimitResetMs(at: 0) == nil)
  }

  @Test("of an address only the host is told")
  func host() {
    for (url, host) in [
      ("https://user:secret@api.example:8443/path?key=secret", "api.example:8443"),
      ("https://api.example", "api.example"),
      ("https://api.example?key=secret", "api.example"), ("api.example", ""),
    ] {
      #expect(HTTPRequest.host(of: url) == host)
    }
    #expect(HTTPRequest.queryWord("aZ09-._~ &=+/ß\u{1}") == "aZ09-._~%20%26%3D%2B%2F%C3%9F%01")
  }
}
