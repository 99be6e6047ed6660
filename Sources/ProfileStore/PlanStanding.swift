public import Events

/// Which plans the states of a task were kept under, by their numbers (``PlanRecord``).
public struct PlanStanding: Equatable, Sendable {
  /// The plan whose changes are told.
  public var inForce: UInt32
  /// The plan before it, as long as there may be profiles that were kept under that one: they are still to be adopted.
  public var adoptedFrom: UInt32?
  /// The plan that is to be in force once the log has been read for it; while profiles are adopted, the one in force,
  /// with what the log came to for those who are not yet.
  public var filling: Filling?

  /// How far a plan is filled.
  public struct Filling: Equatable, Sendable {
    /// Which plan.
    public var plan: UInt32
    /// The next offset of the log to be read for it.
    public var nextOffset: Int64
    /// Where its clock stands.
    public var clock: Instant

    /// A plan that is filled up to an offset.
    public init(plan: UInt32, nextOffset: Int64, clock: Instant) {
      self.plan = plan
      self.nextOffset = nextOffset
      self.clock = clock
    }
  }

  /// A plan in force.
  public init(inForce: UInt32, adoptedFrom: UInt32? = nil, filling: Filling? = nil) {
    self.inForce = inForce
    self.adoptedFrom = adoptedFrom
    self.filling = filling
  }
}
