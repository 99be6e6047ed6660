import Glibc
import Testing
import YAML

@testable import Delivery

@Suite("A destination's file")
struct DestinationFileTests {
  private func read(_ text: String) -> (destination: DestinationFile?, said: String) {
    let (destination, diagnostics) = DestinationFile.read(Document(text: text, file: "ops/destinations/w.yaml"))
    return (destination, diagnostics.map(\.description).joined(separator: "\n"))
  }

  @Test("says where the warehouse is and what goes there")
  func right() {
    let (short, _) = read("kind: sqlite\npath: w.db\n")
    #expect(short?.kind == .sqlite(path: "w.db") && short?.topic == "audience.warehouse" && short?.batchRecords == nil)
    let (long, _) = read("kind: sqlite\npath: /data/w.db\ntopic: a.warehouse\nbatch_records: 5\nbatch_ms: 20\n")
    #expect(
      long?.kind == .sqlite(path: "/data/w.db") && long?.topic == "a.warehouse" && long?.batchRecords == 5
        && long?.batchMs == 20)
    let (postgres, _) = read("kind: postgres\nurl: postgresql://usher@db:5432/shop?sslmode=require\n")
    #expect(postgres?.kind == .postgres(conninfo: "postgresql://usher@db:5432/shop?sslmode=require", schema: "usher"))
    let (own, _) = read("kind: postgres\nurl: host=db user=usher dbname=shop\nschema: audiences_2\n")
    #expect(own?.kind == .postgres(conninfo: "host=db user=usher dbname=shop", schema: "audiences_2"))
  }

  @Test(
    "that is wrong is told with file, line, column and the nearest right word",
    arguments: [
      ("kind: sqlit\npath: w.db", ["w.yaml:1:7: error", "did you mean 'sqlite'?"]),
      ("kind: meta\npath: w.db", ["w.yaml:1:7: error", "'meta' are not supported yet"]),
      ("kind: postgres\npath: w.db", ["w.yaml:2:1: error", "no 'url'"]),
      ("kind: postgres\nuri: postgresql:///shop", ["w.yaml:2:1: error", "did you mean 'url'?"]),
      ("kind: postgres\nurl: postgresql://u:hunter2@db/shop", ["w.yaml:2:6: error", "holds a password", "PGPASSWORD"]),
      ("kind: postgres\nurl: postgresql://u:hun/ter2@db/shop", ["holds a password"]),
      ("kind: postgres\nurl: host=db password  = hunter2", ["holds a password"]),
      ("kind: postgres\nurl: postgresql:///shop\nschema: My-Schema", ["w.yaml:3:9: error", "small letters"]),
      ("kind: sqlite\npth: w.db", ["w.yaml:2:1: error", "did you mean 'path'?"]),
      ("kind: webhook\nurl: https://h.example/", ["no 'secret'"]),
      ("kind: webhook\nurl: https://h.example/\nsecret: hunter2", ["w.yaml:3:9: error", "env:NAME", "file:PATH"]),
      ("kind: webhook\nurl: https://h.example/\nsecret: [hunter2]", ["w.yaml:3:9: error", "env:NAME"]),
      ("kind: webhook\nurl: https://h.example/\nsecret: 'env:'", ["w.yaml:3:9: error"]),
      ("kind: webhook\nurl: http://h.example/\nsecret: env:S", ["w.yaml:2:6: error", "https://"]),
      ("kind: webhook\nurl: http://localhost.evil.example/\nsecret: env:S", ["w.yaml:2:6: error", "https://"]),
      ("kind: webhook\nurl: https://u:hunter2@h.example/\nsecret: env:S", ["w.yaml:2:6: error", "holds a password"]),
      ("kind: webhook\nurl: https://h.example/\nsecret: env:S\nbody: array", ["w.yaml:4:7: error", "mean 'list'?"]),
      ("kind: webhook\nurl: https://h.example/\nsecret: env:S\nrate: 5", ["mean 'requests_per_second'?"]),
      ("kind: webhook\nurl: https://h.example/\nsecret: env:S\ntraits: tier", ["a list of traits' names"]),
      ("kind: segment\nwritekey: env:S", ["w.yaml:2:1: error", "mean 'write_key'?"]),
      ("kind: segment\nwrite_key: env:S\npath: w.db", ["w.yaml:3:1: error", "unknown key 'path'"]),
      ("kind: ga4\nmeasurement_id: UA-1\napi_secret: env:S", ["w.yaml:2:17: error", "G-AB12CD34EF"]),
      ("kind: sqlite", ["no 'path'"]), ("path: w.db", ["no 'kind'"]), ("", ["a destination is empty"]),
      ("kind: sqlite\npath: [a]", ["w.yaml:2:7: error"]),
      ("kind: sqlite\npath: w.db\nbatch_ms: 0", ["from 1 to 60000"]),
      ("kind: [\n", ["w.yaml:"]),
    ])
  func wrong(_ text: String, _ expected: [String]) {
    let (destination, said) = read(text)
    #expect(destination == nil)
    for words in expected { #expect(said.contains(words)) }
    for secret in ["hunter2", "hun/ter2"] { #expect(!said.contains(secret)) }
  }

  @Test("says of a service where its secret is, and what it is to have")
  func services() {
    let (webhook, said) = read("kind: webhook\nurl: https://h.example/usher?a=b\nsecret: file:keys/hook\n")
    #expect(webhook?.topic == "audience.analytics" && said.isEmpty)
    let (same, _) = read("kind: webhook\nsecret: file:keys/hook\nurl: https://h.example/usher?a=b\nbody: list\n")
    let (other, _) = read("kind: webhook\nsecret: file:keys/hook\nurl: https://h.example/usher?a=b\nbody: one\n")
    #expect(webhook?.kind == same?.kind && webhook?.kind != other?.kind)
    let (segment, _) = read("kind: segment\nwrite_key: env:S\ntopic: shop.analytics\n")
    let (ga4, _) = read("kind: ga4\nmeasurement_id: G-AB12CD34EF\napi_secret: env:S\ntraits: [tier]\n")
    #expect(segment?.topic == "shop.analytics" && ga4 != nil && segment?.kind != ga4?.kind)
  }

  @Test("the sample destinations can be read")
  func samples() throws {
    for name in ["warehouse", "postgres", "webhook", "segment", "ga4"] {
      let folder = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
      let (destination, said) = read(try fileBytes("/\(folder)/ops/destinations/\(name).yaml"))
      #expect(destination != nil, "\(said)")
    }
  }

  @Test("a secret is fetched from where it is said to be, and is shown by nothing")
  func secrets() throws {
    let folder = try ScratchFolder()
    let path = folder.warehouse
    let file = try #require(fopen(path, "w"))
    fputs("hunter2\n", file)
    fclose(file)
    let places = SecretPlaces(environment: ["S": " hunter3", "E": "", "B": "hunter 4"], folder: folder.path)
    #expect(try places.fetch(.file("w.db"), for: "secret").text == "hunter2")
    #expect(try places.fetch(.file(path), for: "secret").text == "hunter2")
    let secret = try places.fetch(.environment("S"), for: "secret")
    #expect(secret.text == "hunter3")
    var dumped = "\(secret) \(String(reflecting: secret))"
    dump(secret, to: &dumped)
    #expect(!dumped.contains("hunter3"))
    for (source, words) in [
      (SecretSource.environment("N"), "the variable N"), (.environment("E"), "the variable E"),
      (.environment("B"), "the variable B"), (.file("none"), "\(folder.path)/none"),
    ] {
      do throws(DestinationError) {
        _ = try places.fetch(source, for: "secret")
        Issue.record("there was one")
      } catch {
        #expect(!error.mayPass && error.sentence.contains(words) && !error.sentence.contains("hunter"))
      }
    }
  }
}
