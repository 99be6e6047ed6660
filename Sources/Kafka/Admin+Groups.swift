import CKafka

extension Admin {
  /// How many members a consumer group has; 0 for one that does not exist.
  /// - Throws: ``KafkaError``: kind `notAuthorized`, `unreachable`, `timedOut`.
  public func memberCount(ofGroup group: String, timeoutMs: Int32) throws(KafkaError) -> Int {
    let operation = "read the members of consumer group '\(group)'"
    var count = 0
    let answer = try request(
      RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, operation, about: .group(group), timeoutMs: timeoutMs,
      send: { options, queue in
        group.withCString { name in
          var names: [UnsafePointer<CChar>?] = [name]
          rd_kafka_DescribeConsumerGroups(client.handle, &names, 1, options, queue)
        }
      },
      read: { event -> AdminAnswer? in
        var groups = 0
        guard let found = rd_kafka_DescribeConsumerGroups_result_groups(event, &groups), groups > 0 else { return nil }
        count = rd_kafka_ConsumerGroupDescription_member_count(found[0])
        return rd_kafka_ConsumerGroupDescription_error(found[0]).map {
          AdminAnswer(code: rd_kafka_error_code($0), detail: rd_kafka_error_string($0))
        }
      })
    try check(answer, operation, about: .group(group))
    return count
  }

  /// Deletes a consumer group and its committed offsets. The group must have no member.
  /// - Throws: ``KafkaError``: `other` with code `NON_EMPTY_GROUP` or `GROUP_ID_NOT_FOUND`, `notAuthorized`.
  public func deleteGroup(_ group: String, timeoutMs: Int32) throws(KafkaError) {
    let operation = "delete consumer group '\(group)'"
    let entry = rd_kafka_DeleteGroup_new(group)
    defer { rd_kafka_DeleteGroup_destroy(entry) }
    var list: [OpaquePointer?] = [entry]
    let answer = try request(
      RD_KAFKA_ADMIN_OP_DELETEGROUPS, operation, about: .group(group), timeoutMs: timeoutMs,
      send: { rd_kafka_DeleteGroups(client.handle, &list, 1, $0, $1) },
      read: { event -> AdminAnswer? in
        var count = 0
        guard let groups = rd_kafka_DeleteGroups_result_groups(event, &count), count > 0,
          let error = rd_kafka_group_result_error(groups[0])
        else { return nil }
        return AdminAnswer(code: rd_kafka_error_code(error), detail: rd_kafka_error_string(error))
      })
    try check(answer, operation, about: .group(group))
  }
}
