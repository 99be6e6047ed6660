// The transport of `usher run` and nothing else: consumes a topic from its beginning to its end, writes so many records
// and bytes into other topics, and commits them with the offsets in transactions. The floor that Usher is held against.
//
//   bench-transport --bootstrap B --name NAME --in TOPIC --in-records N --out TOPIC:RECORDS:BYTES [--out ...]
//                   [--commit-ms 100] [--commit-records 100000]
//
// The settings of librdkafka are those of Sources/Kafka. What is written are bytes that were read, so that they
// compress as records do. Prints one line of JSON.

#include <librdkafka/rdkafka.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { max_outputs = 8, batch_records = 1000, ring_bytes = 1 << 20, wait_ms = 30000 };

struct output {
  char name[256];
  rd_kafka_topic_t *topic;
  long records, bytes;           // how many are to be written in all
  long records_sent, bytes_sent;
};

static struct output outputs[max_outputs];
static int output_count;
static const char *bootstrap, *name, *input;
static long input_records, commit_ms = 100, commit_records = 100000;

static rd_kafka_t *producer, *consumer;
static rd_kafka_topic_partition_list_t *partitions;  // with the offsets up to which has been read

static long records_read, commits;
static int partitions_ended;
static double began;  // when the first record came

// The open transaction.
static int is_open;
static long read_before;
static double due;

static char ring[ring_bytes];  // what was read last
static size_t ring_place;

static void fail(const char *format, ...) {
  va_list words;
  va_start(words, format);
  fputs("bench-transport: ", stderr);
  vfprintf(stderr, format, words);
  fputc('\n', stderr);
  va_end(words);
  exit(1);
}

static double now_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void set(rd_kafka_conf_t *settings, const char *property, const char *value) {
  char reason[512];
  if (rd_kafka_conf_set(settings, property, value, reason, sizeof reason) != RD_KAFKA_CONF_OK) fail("%s", reason);
}

static rd_kafka_conf_t *common_settings(void) {
  rd_kafka_conf_t *settings = rd_kafka_conf_new();
  set(settings, "bootstrap.servers", bootstrap);
  set(settings, "client.id", "usher-bench");
  set(settings, "socket.nagle.disable", "true");
  set(settings, "socket.keepalive.enable", "true");
  return settings;
}

static void delivered(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque) {
  (void)client, (void)opaque;
  if (message->err) fail("a record was not delivered: %s", rd_kafka_err2str(message->err));
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *settings) {
  char reason[512];
  rd_kafka_t *made = rd_kafka_new(type, settings, reason, sizeof reason);
  if (!made) fail("%s", reason);
  return made;
}

static void check(rd_kafka_error_t *error, const char *doing) {
  if (error) fail("cannot %s: %s", doing, rd_kafka_error_string(error));
}

static void make_producer(void) {
  rd_kafka_conf_t *settings = common_settings();
  set(settings, "retry.backoff.ms", "150");
  set(settings, "enable.idempotence", "true");
  set(settings, "transactional.id", name);
  set(settings, "transaction.timeout.ms", "10100");
  set(settings, "message.timeout.ms", "9000");
  set(settings, "delivery.report.only.error", "true");
  set(settings, "compression.codec", "lz4");
  set(settings, "linger.ms", "100");
  set(settings, "message.max.bytes", "16777216");
  set(settings, "queue.buffering.max.messages", "500000");
  rd_kafka_conf_set_dr_msg_cb(settings, delivered);
  producer = client(RD_KAFKA_PRODUCER, settings);
  check(rd_kafka_init_transactions(producer, wait_ms), "take up the transactional id");
  for (int i = 0; i < output_count; i++) {
    outputs[i].topic = rd_kafka_topic_new(producer, outputs[i].name, NULL);
    const struct rd_kafka_metadata *facts;
    if (rd_kafka_metadata(producer, 0, outputs[i].topic, &facts, wait_ms)) fail("cannot find %s", outputs[i].name);
    rd_kafka_metadata_destroy(facts);
  }
}

static void make_consumer(void) {
  rd_kafka_conf_t *settings = common_settings();
  set(settings, "group.id", name);
  set(settings, "enable.auto.commit", "false");
  set(settings, "enable.auto.offset.store", "false");
  set(settings, "isolation.level", "read_committed");
  set(settings, "enable.partition.eof", "true");
  set(settings, "auto.offset.reset", "earliest");
  set(settings, "fetch.wait.max.ms", "100");
  consumer = client(RD_KAFKA_CONSUMER, settings);
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(consumer, input, NULL);
  const struct rd_kafka_metadata *facts;
  if (rd_kafka_metadata(consumer, 0, topic, &facts, wait_ms) || facts->topic_cnt != 1 || facts->topics[0].err)
    fail("cannot find %s", input);
  partitions = rd_kafka_topic_partition_list_new(facts->topics[0].partition_cnt);
  for (int i = 0; i < facts->topics[0].partition_cnt; i++)
    rd_kafka_topic_partition_list_add(partitions, input, i)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_metadata_destroy(facts);
  rd_kafka_topic_destroy(topic);
  if (rd_kafka_assign(consumer, partitions)) fail("cannot read %s", input);
}

// Keeps what was read.
static void keep(const void *bytes, size_t count) {
  if (count > ring_bytes) count = ring_bytes;
  if (ring_place + count > ring_bytes) ring_place = 0;
  memcpy(ring + ring_place, bytes, count);
  ring_place += count;
}

// Bytes that were read, so many of them.
static char *kept(size_t count) {
  return ring + (ring_place >= count ? ring_place - count : 0);
}

// Writes what is due in every output after as many records as have been read.
static void write_due(int partition) {
  for (int i = 0; i < output_count; i++) {
    struct output *out = &outputs[i];
    long due = (long)((double)out->records * (double)records_read / (double)input_records);
    while (out->records_sent < due) {
      size_t count = (size_t)((double)out->bytes * (double)(out->records_sent + 1) / (double)out->records) -
                     (size_t)out->bytes_sent;
      if (count > ring_bytes) fail("%s: records of %zu bytes are too large", out->name, count);
      while (rd_kafka_produce(out->topic, partition, RD_KAFKA_MSG_F_COPY, kept(count), count, NULL, 0, NULL)) {
        if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
          fail("cannot write: %s", rd_kafka_err2str(rd_kafka_last_error()));
        rd_kafka_poll(producer, 10);
      }
      out->records_sent++;
      out->bytes_sent += (long)count;
    }
  }
}

// When librdkafka 2.0.2 finds its queue full it fetches again only a second later, unless an answer wakes it: Usher
// asks something harmless when the queue runs dry, and so does this loop.
static void wake(void) {
  int64_t low, high;
  rd_kafka_query_watermark_offsets(consumer, input, 0, &low, &high, 1000);
}

static void read_options(int count, char **words) {
  for (int i = 1; i < count; i += 2) {
    if (i + 1 == count) fail("%s wants a value", words[i]);
    const char *word = words[i], *value = words[i + 1];
    if (!strcmp(word, "--bootstrap")) bootstrap = value;
    else if (!strcmp(word, "--name")) name = value;
    else if (!strcmp(word, "--in")) input = value;
    else if (!strcmp(word, "--in-records")) input_records = atol(value);
    else if (!strcmp(word, "--commit-ms")) commit_ms = atol(value);
    else if (!strcmp(word, "--commit-records")) commit_records = atol(value);
    else if (!strcmp(word, "--out") && output_count < max_outputs) {
      struct output *out = &outputs[output_count++];
      if (sscanf(value, "%255[^:]:%ld:%ld", out->name, &out->records, &out->bytes) != 3)
        fail("--out wants TOPIC:RECORDS:BYTES");
    } else fail("there is no option %s", word);
  }
  if (!bootstrap || !name || !input || input_records < 1)
    fail("--bootstrap, --name, --in and --in-records must be given");
}

static void begin(double now) {
  check(rd_kafka_begin_transaction(producer), "begin a transaction");
  is_open = 1;
  due = now + (double)commit_ms / 1000;
  read_before = records_read;
}

static void commit(void) {
  rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(consumer);
  check(rd_kafka_send_offsets_to_transaction(producer, partitions, group, wait_ms), "send the offsets");
  rd_kafka_consumer_group_metadata_destroy(group);
  check(rd_kafka_commit_transaction(producer, -1), "commit");
  is_open = 0;
  commits++;
}

static void take(const rd_kafka_message_t *message, double now) {
  if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    partitions_ended++;
    return;
  }
  if (message->err) fail("cannot read: %s", rd_kafka_message_errstr(message));
  if (began == 0) began = now;
  if (!is_open) begin(now);
  keep(message->payload, message->len);
  partitions->elems[message->partition].offset = message->offset + 1;
  records_read++;
  write_due(message->partition);
}

static void run(void) {
  rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
  rd_kafka_message_t *batch[batch_records];
  long burst = 0;
  while (partitions_ended < partitions->cnt || is_open) {
    ssize_t got = rd_kafka_consume_batch_queue(queue, burst ? 0 : 20, batch, batch_records);
    if (got < 0) fail("cannot read: %s", rd_kafka_err2str(rd_kafka_last_error()));
    if (got == 0 && burst >= 5000) wake();
    burst = got == 0 ? 0 : burst + got;
    double now = now_seconds();
    for (ssize_t i = 0; i < got; i++) {
      take(batch[i], now);
      rd_kafka_message_destroy(batch[i]);
    }
    int is_due = now >= due || records_read - read_before >= commit_records || partitions_ended == partitions->cnt;
    if (is_open && is_due) commit();
  }
  rd_kafka_queue_destroy(queue);
}

int main(int count, char **words) {
  read_options(count, words);
  make_producer();
  make_consumer();
  run();
  double seconds = now_seconds() - began;
  long bytes = 0;
  for (int i = 0; i < output_count; i++) bytes += outputs[i].bytes_sent;
  printf(
    "{\"records\":%ld,\"bytes\":%ld,\"commits\":%ld,\"seconds_after_start\":%.3f}\n", records_read, bytes, commits,
    seconds);
  fflush(stdout);
  rd_kafka_consumer_close(consumer);
  for (int i = 0; i < output_count; i++) rd_kafka_topic_destroy(outputs[i].topic);
  rd_kafka_destroy(consumer);
  rd_kafka_destroy(producer);
  if (records_read != input_records) fail("%ld records were read, but %ld were told", records_read, input_records);
}
