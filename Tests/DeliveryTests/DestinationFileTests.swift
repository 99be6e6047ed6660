import Delivery
import Testing
import YAML

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
      ("kind: sqlite", ["no 'path'"]), ("path: w.db", ["no 'kind'"]), ("", ["a destination is empty"]),
      ("kind: sqlite\npath: [a]", ["w.yaml:2:7: error"]),
      ("kind: sqlite\npath: w.db\nbatch_ms: 0", ["from 1 to 60000"]),
      ("kind: [\n", ["w.yaml:"]),
    ])
  func wrong(_ text: String, _ expected: [String]) {
    let (destination, said) = read(text)
    #expect(destination == nil)
    for words in expected { #expect(said.contains(words)) }
  }
}
