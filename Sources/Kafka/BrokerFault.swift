/// What a broker of an ``EmbeddedCluster`` answers when it is told to fail: Kafka's error numbers.
public enum BrokerFault: Int32, Sendable {
  /// The connection breaks without an answer.
  case disconnect = -195
  /// The topic or partition is not known.
  case unknownTopicOrPartition = 3
  /// Another broker leads the partition now.
  case notLeader = 6
  /// The broker ran out of time.
  case requestTimedOut = 7
  /// The record is too large.
  case messageTooLarge = 10
  /// The coordinator still reads its log.
  case coordinatorLoading = 14
  /// There is no coordinator at the moment.
  case coordinatorNotAvailable = 15
  /// Another broker coordinates the group or the transaction now.
  case notCoordinator = 16
  /// The group has moved on to another generation.
  case illegalGeneration = 22
  /// The member is not known in its group.
  case unknownMember = 25
  /// The group is about to be spread anew.
  case rebalanceInProgress = 27
  /// No right to the topic.
  case topicAuthorizationFailed = 29
  /// No right to the group.
  case groupAuthorizationFailed = 30
  /// A newer producer has taken over.
  case invalidProducerEpoch = 47
  /// The former transaction is still being completed.
  case concurrentTransactions = 51
  /// No right to the transactional id.
  case transactionalIdAuthorizationFailed = 53
  /// A transaction with offsets of this group is still open.
  case unstableOffsetCommit = 88
}
