package import Engine
package import Events
package import ProfileStore

/// A task's profiles outside memory: see ``TaskStore``, whose words these are.
package protocol LaneStore: AnyObject {
  var folder: String { get }
  var position: StorePosition? { get }
  func prepare(
    _ engine: inout PartitionEngine, _ shelf: Shelf, for record: Record, at time: Instant, merges: Bool
  ) throws(StoreError)
  func prepare(_ engine: inout PartitionEngine, _ shelf: Shelf, toAdvanceTo instant: Instant) throws(StoreError)
  func introduce(to engine: inout PartitionEngine) throws(StoreError)
  func introduce(_ shelf: Shelf, to engine: inout PartitionEngine) throws(StoreError)
  func tellDue(under hash: UInt64, to engine: inout PartitionEngine, _ shelf: Shelf) throws(StoreError)
  func put(_ state: Bytes, of id: Bytes, due: Instant)
  func put(_ value: Bytes?, underKey key: Bytes)
  func discard()
  func commit(_ position: StorePosition) throws(StoreError)
  func flush() throws(StoreError)
  func countProfiles(_ shelf: Shelf) throws(StoreError) -> Int
  func forEachPlanPart(_ body: (_ plan: UInt32, _ part: UInt32, _ value: Bytes) -> Void) throws(StoreError)
  func filledIds() throws(StoreError) -> [[UInt8]]
  func state(of id: Bytes, _ kind: Shelf.Kind) throws(StoreError) -> [UInt8]?
  func entries(from hash: UInt64, most: Int) throws(StoreError) -> (
    entries: [(key: [UInt8], value: [UInt8])], next: UInt64?
  )
}
