import Audiences
import Events
import Foundation
import Testing
import YAML

/// Whole projects: from folders and from memory.
struct ProjectTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A folder with these files, and what reading it gives.
  private static func readFolder(_ files: [String: String]) throws -> (project: Project?, told: [String]) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "usher-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (path, text) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let (project, diagnostics) = Project.read(folder: folder.path())
    return (project, diagnostics.map(\.headline))
  }

  private static let order = "when: { event: Order Completed }\n"

  @Test("The project's own sample shop has neither errors nor warnings")
  func sampleShop() {
    let (project, diagnostics) = Project.read(folder: Self.root.path())
    #expect(diagnostics.map(\.headline) == [])
    #expect(project?.audiences.count ?? 0 >= 8)
    #expect(project?.taxonomy.event(named: "begin checkout")?.name == "Checkout Started")
  }

  @Test("A folder is read: audiences by key, tests and other files left alone")
  func folder() throws {
    let (project, told) = try Self.readFolder([
      "topics/taxonomy.yaml": TestProject.taxonomy, "ops/policy.yaml": "limits: { settle: 5s, entries: 50 }\n",
      "ops/traits.yaml": "# none yet\n", "ops/audiences/b.yaml": Self.order, "ops/audiences/a-1.yaml": Self.order,
      "ops/audiences/a-1.test.yaml": "profiles: {}\n", "ops/audiences/README.md": "# Audiences\n",
      "ops/audiences/.hidden.yaml": "nonsense\n",
    ])
    #expect(told == [])
    #expect(project?.audiences.map(\.key) == ["a-1", "b"])
    #expect(project?.policy.settle == DurationMs(ms: 5_000))
    #expect(project?.policy.future == DurationMs(ms: 300_000))
    #expect(project?.policy.entries == 50)
  }

  @Test("A folder that is no project says what is missing")
  func noProject() throws {
    let (project, told) = try Self.readFolder([:])
    #expect(project == nil)
    #expect(
      told == [
        "ops/audiences:1:1: error: the folder cannot be read: No such file or directory",
        "topics/taxonomy.yaml:1:1: error: there is no taxonomy",
      ])
  }

  @Test("Without a taxonomy the definitions are still read, and no event is called unknown")
  func noTaxonomy() {
    let (project, diagnostics) = Project.read(texts: ["ops/audiences/a.yaml": Self.order + "versoin: 3\n"])
    #expect(project == nil)
    #expect(
      diagnostics.map(\.headline) == [
        "ops/audiences/a.yaml:2:1: error: unknown key 'versoin'",
        "topics/taxonomy.yaml:1:1: error: there is no taxonomy",
      ])
  }

  @Test("A file's name must be a key, end in .yaml, and lie in ops/audiences itself")
  func fileNames() throws {
    let (project, told) = try Self.readFolder([
      "topics/taxonomy.yaml": TestProject.taxonomy, "ops/audiences/Big_Spenders.yaml": Self.order,
      "ops/audiences/vip.yml": Self.order, "ops/audiences/old/vip.yaml": Self.order,
      "ops/audiences/-vip.yaml": Self.order,
    ])
    #expect(project == nil)
    #expect(
      told == [
        "ops/audiences/-vip.yaml:1:1: error: '-vip' cannot be an audience's key",
        "ops/audiences/Big_Spenders.yaml:1:1: error: 'Big_Spenders' cannot be an audience's key",
        "ops/audiences/old/vip.yaml:1:1: error: audiences in folders are not read",
        "ops/audiences/vip.yml:1:1: error: the file's name ends in '.yml'",
      ])
  }

  @Test("What looks like a file and is a folder is told")
  func folderNamedLikeFile() throws {
    let (_, told) = try Self.readFolder([
      "topics/taxonomy.yaml": TestProject.taxonomy, "ops/audiences/vip.yaml/inner.txt": "x",
    ])
    #expect(told == ["ops/audiences/vip.yaml:1:1: error: this is not a file"])
  }

  @Test("The mistakes of all files are told in one go, by file and place")
  func allFiles() {
    let (_, diagnostics) = Project.read(texts: [
      "topics/taxonomy.yaml": "events: { Order Completed: { unique: id } }\n",
      "ops/policy.yaml": "limits: { entries: none }\n", "ops/traits.yaml": "orders: {}\n",
      "ops/audiences/b.yaml": "when: { event: Order Completd }\nhold_for: 1\n",
      "ops/audiences/a.yaml": "when: [\n",
    ])
    #expect(
      diagnostics.map { "\($0.file):\($0.line)" } == [
        "ops/audiences/a.yaml:1", "ops/audiences/b.yaml:1", "ops/audiences/b.yaml:2", "ops/policy.yaml:1",
        "ops/traits.yaml:1", "topics/taxonomy.yaml:1",
      ])
  }

  @Test("Warnings alone leave a project")
  func warnings() {
    let (audience, told) = TestProject.audience("when: { event: Order Completed, where: { cuopon: SPRING } }\n")
    #expect(audience != nil)
    #expect(told == ["ops/audiences/vip.yaml:1:42: warning: 'cuopon' is not declared for 'Order Completed'"])
  }

  @Test("A property of an event without declared properties is not warned of")
  func undeclaredEvents() {
    #expect(TestProject.condition("{ event: Shop Visited, where: { city: Kyiv } }").told == [])
    #expect(TestProject.condition("{ event: [Shop Visited, Order Completed], where: { city: Kyiv } }").told == [])
  }

  @Test("A file with thousands of mistakes tells a hundred, and how many more there are")
  func manyMistakes() {
    let text = (0..<5000).map { "key\($0): 1\n" }.joined() + Self.order
    let (_, told) = TestProject.audience(text)
    #expect(told.count == 101)
    #expect(told.last?.hasSuffix("4900 further mistakes in this file are not shown") == true)
  }

  @Test("The taxonomy is read with aliases, unique property, types and traits")
  func taxonomy() throws {
    let (project, diagnostics) = Project.read(texts: ["topics/taxonomy.yaml": TestProject.taxonomy])
    #expect(diagnostics.isEmpty)
    let taxonomy = try #require(project).taxonomy
    let order = try #require(taxonomy.event(named: "Order placed"))
    #expect(order.unique == "order_id")
    #expect(order.property(at: try #require(PropertyPath("products.category"))) == .string)
    #expect(order.property(at: try #require(PropertyPath("value"))) == .number)
    #expect(order.canonical(try #require(PropertyPath("products.item_id")))?.description == "products.product_id")
    #expect(order.canonical(try #require(PropertyPath("products.shade"))) == nil)
    #expect(taxonomy.traits.map(\.name) == ["tier", "predicted_ltv", "renews_at", "subscribed", "tags", "address"])
    #expect(taxonomy.trait(named: "tags")?.type == .list(.string))
    #expect(taxonomy.events.prefix(2).map(\.name) == ["Page Viewed", "Screen Viewed"])
  }
}
