// Kafka: librdkafka as Swift.
//
// What this room is for: reading and writing Kafka with the guarantees that Usher needs. It holds a consumer, a
// transactional producer, a plain producer, an admin client, and an embedded cluster for tests and the demo.
// It is the only room that imports librdkafka, and no pointer of librdkafka leaves it.
//
// What this room may not know: events, audiences, profiles, topics by their meaning. It moves bytes. It does not use
// Foundation, and it has no opinion about threads: each consumer and producer belongs to the thread that made it.
//
// The bugs of librdkafka 2.0.2 (Debian 12) that the code steps around are named where it does so.

import CKafka

/// Facts about the Kafka library that is linked.
public enum KafkaLibrary {
  /// The version of librdkafka at run time, for instance `2.0.2`.
  public static var version: String {
    String(cString: rd_kafka_version_str())
  }
}
