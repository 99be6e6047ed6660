import Events

/// Rules about how long people are in.
extension LintRule {
  private static let hour = DurationMs(ms: 3_600_000)
  private static let week = DurationMs(ms: 7 * 86_400_000)
  private static let thirtyDays = DurationMs(ms: 30 * 86_400_000)
  private static let cart: Set<String> = ["Add to Cart", "Remove from Cart", "Checkout Started"]
  /// How long ago these were is what an audience of customers is about: they are no fading interest.
  private static let ofCustomers: Set<String> = [
    "Order Completed", "Order Refunded", "Payment Disputed", "Subscription Started", "Subscription Cancelled",
  ]

  static let noUpperWindow = LintRule(
    "U003", "Retargeting without an end",
    """
    Nothing ends this audience for somebody who never comes back: no window closes, and there is no 'stay_at_most'. \
    Such an audience only grows, and most of its people have long forgotten why they are in it.

    Give what brings people in a 'within' or an upper age in 'between', or set 'stay_at_most'.
    """
  ) { subject in
    guard subject.isRetargeting, subject.reach == nil else { return [] }
    return subject.warning(
      at: "when", "people who do nothing more stay in this retargeting audience for ever",
      expected: "'within:' or 'between:' at what brings people in, or 'stay_at_most:'")
  }

  static let shortWindowToAds = LintRule(
    "U004", "A window under an hour to an ad platform",
    """
    Ad platforms take hours to match a list and to begin to show ads. Whoever is in for less than an hour has left \
    before the platform knows of them: the uploads cost work, and nobody sees an ad.

    Widen the window, or send this audience to a tool that acts at once, such as messages.
    """
  ) { subject in
    guard !subject.audience.to.ads.isEmpty, let reach = subject.reach, reach.span < hour else { return [] }
    let length = DurationWords.of(reach.span)
    return [
      LintWarning(
        place: subject.place(of: reach),
        message: "people are in for \(length) at most, and ad platforms take hours to take notice",
        expected: "a window of at least an hour, or no 'ads' in 'to'")
    ]
  }

  static let longRetargetingWindow = LintRule(
    "U005", "A retargeting window over 30 days",
    """
    Interest fades: what somebody looked at five weeks ago says little about today, and asking on costs money and \
    good will. Platforms drop such people late, and consent may be older than it looks.

    Use 30 days or less, or leave a lapsed customer's audience to look at orders ('pick: last, between: [30d, 60d]'): \
    how long ago an order, a refund or a subscription was is not counted as interest.
    """
  ) { subject in
    guard subject.isRetargeting, let reach = subject.reach, thirtyDays < reach.to else { return [] }
    guard let events = reach.events, !events.contains(where: { ofCustomers.contains($0) || cart.contains($0) }) else {
      return []
    }
    return [
      LintWarning(
        place: subject.place(of: reach),
        message: "this retargeting audience keeps people for \(DurationWords.of(reach.to))",
        expected: "at most 30 days")
    ]
  }

  static let longCartWindow = LintRule(
    "U006", "A cart window over 7 days",
    """
    A cart is forgotten within days: prices and stock have changed, and most people have bought elsewhere. Reminding \
    them of it later finds few who still want it.

    Use 7 days or less for carts and checkouts; for later, look at visits or orders.
    """
  ) { subject in
    guard subject.isRetargeting, let reach = subject.reach, week < reach.to else { return [] }
    guard reach.events?.contains(where: { cart.contains($0) }) == true else { return [] }
    return [
      LintWarning(
        place: subject.place(of: reach), message: "a cart counts for \(DurationWords.of(reach.to)) here",
        expected: "at most 7 days")
    ]
  }
}
