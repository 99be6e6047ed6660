/// What one call of ``Consumer/poll(timeoutMs:)`` brought.
public enum Polled: ~Copyable {
  /// A record.
  case message(Message)
  /// The partition has been read to its end; `offset` is the offset of the next record, whenever it comes.
  /// For a consumer that reads committed records only, the end is the last stable offset.
  case endOfPartition(TopicPartition, offset: Int64)
  /// The group gives these partitions to this consumer. Nothing has happened yet: make ready, then call
  /// ``Consumer/acceptAssignment(startingAt:)``. The next poll accepts it at the committed offsets otherwise.
  case assigned([TopicPartition])
  /// The group takes these partitions away. Nothing has happened yet: finish what is open, then call
  /// ``Consumer/acceptRevocation()``; the next poll does so otherwise.
  /// `lost` means that another member may own them already: commit nothing for them.
  case revoked([TopicPartition], lost: Bool)
  /// Nothing within the time-out.
  case nothing
}
