import Audiences
import Events
import Testing
import YAML

@testable import usher

/// The taxonomy that comes with Usher, without a mistake.
func sampleTaxonomy() throws -> Taxonomy {
  let path = "\(projectFolder)/topics/taxonomy.yaml"
  let (taxonomy, diagnostics) = Taxonomy.read(Document(bytes: try Files.read(path), file: "topics/taxonomy.yaml"))
  #expect(diagnostics.isEmpty, "\(diagnostics.map(\.description).joined(separator: "\n"))")
  return try #require(taxonomy)
}

struct SampleProjectTests {
  /// The audiences of the standard workload, which the benchmarks of others are measured by.
  private static let standard = [
    "bought-a-not-b", "browse-3x", "checkout-abandoners", "coffee-due", "lapsed-30-60", "purchased-7d", "vip",
    "winback-unopened",
  ]
  private static let workload = "\(projectFolder)/bench/workload"
  private static let now = Instant(iso8601: "2026-11-20T12:00:00Z") ?? .distantPast

  @Test(arguments: [projectFolder, workload])
  func theProjectsPassTheCheckWithoutAWarning(folder: String) throws {
    let checked = CheckedProject.read(folder: folder, now: Self.now)
    #expect(checked.diagnostics.isEmpty, "\(checked.diagnostics.map(\.description).joined(separator: "\n"))")
    #expect(checked.project != nil)
  }

  @Test func theWorkloadHasTheEightStandardAudiencesAndTheShopHasThemToo() throws {
    let shop = try #require(Project.read(folder: projectFolder).project)
    let workload = try #require(Project.read(folder: Self.workload).project)
    #expect(workload.audiences.map(\.key) == Self.standard)
    #expect(workload.policy.suppression.audiences.isEmpty && workload.policy.groups.isEmpty)
    for audience in workload.audiences {
      #expect(audience.unless.isEmpty && audience.holdout == nil && audience.to.ads.isEmpty, "\(audience.key)")
      #expect(shop.audiences.first { $0.key == audience.key }?.condition == audience.condition, "\(audience.key)")
    }
    #expect(workload.taxonomy == shop.taxonomy)
  }

  @Test func theShopHasThirtyAudiencesAndMoreEachWithItsTests() throws {
    let project = try #require(Project.read(folder: projectFolder).project)
    #expect(project.audiences.count >= 30)
    let (files, diagnostics) = project.readExamples(folder: projectFolder)
    #expect(diagnostics.isEmpty, "\(diagnostics.map(\.description).joined(separator: "\n"))")
    #expect(Set(files.map(\.key)).isSuperset(of: project.audiences.map(\.key)))
    for file in files {
      let own = file.profiles.flatMap(\.expectations).filter { $0.audience == file.key }
      #expect(own.contains { $0.status == .in } && own.contains { $0.status == .out }, "\(file.path)")
    }
  }

  @Test func everyTestOfTheShopPasses() throws {
    let report = try TestCommand(folder: projectFolder).run()
    let text = report.text(on: try Recorder().terminal)
    #expect(report.failures == 0, "\(text)")
    #expect(report.profiles >= 120 && report.expectations >= 240)
  }

  @Test func everyFormOfTheLanguageIsInUse() throws {
    let project = try #require(Project.read(folder: projectFolder).project)
    #expect(project.audiences.contains { $0.holdFor != nil })
    #expect(project.audiences.contains { $0.stayAtMost != nil })
    #expect(project.audiences.contains { $0.rejoinAfter != nil })
    #expect(project.audiences.contains { $0.holdout != nil })
    #expect(project.audiences.contains { !$0.unless.isEmpty })
    #expect(!project.policy.suppression.audiences.isEmpty && project.policy.groups.count >= 2)
    let text = project.audiences.map { "\($0.condition)" }.joined()
    #expect(text.contains("isWanted: true") && text.contains("isWanted: false"), "a funnel, and its contrary")
  }

  @Test func everyAudienceSaysWhoseItIsAndWhatFor() throws {
    for audience in try #require(Project.read(folder: projectFolder).project).audiences {
      #expect(audience.owner?.contains("@") == true, "\(audience.key)")
      #expect(audience.purpose != nil && audience.goal != nil, "\(audience.key)")
      #expect(audience.entryEvent?.hasPrefix("Entered ") == true, "\(audience.key)")
      #expect(audience.exitEvent?.hasPrefix("Left ") == true, "\(audience.key)")
      #expect(audience.toWarehouse, "\(audience.key)")
      #expect(audience.name.split(separator: "|").count >= 3, "\(audience.name)")
    }
  }

  @Test func theFifteenCanonicalEventsAreThere() throws {
    let taxonomy = try sampleTaxonomy()
    let names = taxonomy.events.map(\.name).filter { $0 != Taxonomy.pageViewed && $0 != Taxonomy.screenViewed }
    #expect(
      names == [
        "Product Viewed", "Add to Cart", "Remove from Cart", "Checkout Started", "Order Completed", "Order Refunded",
        "Payment Disputed", "Subscription Started", "Subscription Cancelled", "Message Sent", "Message Opened",
        "Message Clicked", "Journey Step Reached", "Consent Changed", "Support Case Changed",
      ])
    let unique = taxonomy.events.filter { $0.unique != nil }.map { "\($0.name): \($0.unique ?? "")" }
    #expect(
      unique == ["Order Completed: order_id", "Order Refunded: refund_id", "Payment Disputed: dispute_id"])
  }

  @Test(arguments: [
    ("Product Added", "Add to Cart"), ("add_to_cart", "Add to Cart"), ("product_added_to_cart", "Add to Cart"),
    ("Added to Cart", "Add to Cart"), ("view_item", "Product Viewed"), ("begin_checkout", "Checkout Started"),
    ("Started Checkout", "Checkout Started"), ("purchase", "Order Completed"), ("Placed Order", "Order Completed"),
    ("checkout_completed", "Order Completed"), ("orders/create", "Order Completed"), ("refund", "Order Refunded"),
    ("Email Link Clicked", "Message Clicked"), ("Opened Email", "Message Opened"),
    ("Subscription Canceled", "Subscription Cancelled"), ("PRODUCT-VIEWED", "Product Viewed"),
  ])
  func namesOfOtherToolsAreKnown(alias: String, event: String) throws {
    #expect(try sampleTaxonomy().event(named: alias)?.name == event)
  }

  @Test(arguments: [
    ("Order Completed", "transaction_id", "order_id"), ("Order Completed", "items.item_id", "products.product_id"),
    ("Order Completed", "line_items.product_type", "products.category"), ("Order Completed", "value", "revenue"),
    ("Order Completed", "$value", "revenue"), ("Add to Cart", "AddedItemProductID", "product_id"),
    ("Message Opened", "email_id", "message_id"), ("Order Refunded", "total", "amount"),
  ])
  func propertiesOfOtherToolsAreKnown(event: String, alias: String, canonical: String) throws {
    let type = try #require(sampleTaxonomy().event(named: event))
    #expect(type.canonical(try #require(PropertyPath(alias)))?.description == canonical)
  }
}
