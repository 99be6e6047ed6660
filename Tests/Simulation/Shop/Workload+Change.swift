package import Judge

extension Workload {
  /// The standard workload's audiences as somebody changes them: one is gone, one has another window, and one is new.
  package static func changed(
    without gone: String, purchasedWithin purchased: Span, lookedWithin looked: Span
  ) -> [Definition] {
    definitions.filter { $0.key != gone && $0.key != "purchased-7d" } + [
      Definition("purchased-7d", when: .event(Leaf(["Order Completed"], window: .within(purchased)))),
      Definition("lookers", when: .event(Leaf(["Product Viewed"], window: .within(looked)))),
    ]
  }
}
