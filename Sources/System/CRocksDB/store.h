// What the parts of this target share.
#pragma once
#include "usher_rocksdb.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/sst_file_writer.h>

struct usher_memory {
  std::shared_ptr<rocksdb::Cache> cache;

  explicit usher_memory(size_t budget_bytes);
};

struct usher_store {
  std::string folder;
  std::unique_ptr<rocksdb::DB> database;
  // In the order of `usher::families`.
  std::vector<rocksdb::ColumnFamilyHandle *> families;
  // What tables are made with, in the same order.
  std::vector<rocksdb::Options> tables;

  // What is collected for the next commit: changes, and ids and states one behind the other where they are not lent.
  struct Change {
    uint64_t hash;
    const char *lent;  // the id that is lent; null where it is in `collected`
    const char *state;
    size_t at;  // of the id in `collected`; the state follows it
    size_t id_bytes;
    size_t state_bytes;
    int64_t due_ms;
    size_t number;  // in the order in which they were put
    bool is_removal;
  };
  std::vector<Change> changes;
  std::string collected;

  rocksdb::ReadOptions reading;
  rocksdb::PinnableSlice read;
  std::vector<rocksdb::PinnableSlice> many;
  std::string key;
  // Looks for the profiles of a hash. It is good until the next commit.
  std::unique_ptr<rocksdb::Iterator> by_hash;

  rocksdb::ColumnFamilyHandle *position() const { return families[0]; }
  rocksdb::ColumnFamilyHandle *profiles() const { return families[1]; }
  rocksdb::ColumnFamilyHandle *dues() const { return families[2]; }

  // A profile's key, valid until the next is asked for.
  rocksdb::Slice key_of(uint64_t hash, usher_bytes id);
  // The id of a change.
  rocksdb::Slice id_of(const Change &change) const;
  // Puts what is collected in order; of several words on a profile only the last stays.
  void settle();
  // Makes a table of a family in a file of its own.
  rocksdb::Status write(size_t family, const std::function<rocksdb::Status(rocksdb::SstFileWriter &)> &fill);
  // Waits while background work is far behind.
  void await_compaction() const;
  std::string table_path(size_t family) const;
};

namespace usher {

rocksdb::DBOptions options();
// The position (RocksDB's default family), profiles, dues.
std::vector<rocksdb::ColumnFamilyDescriptor> families(const usher_memory &memory);

usher_failure failure(const rocksdb::Status &status);

inline rocksdb::Slice slice(usher_bytes bytes) {
  return {reinterpret_cast<const char *>(bytes.start), bytes.count};
}

inline usher_bytes bytes(const rocksdb::Slice &slice) {
  return {reinterpret_cast<const uint8_t *>(slice.data()), slice.size()};
}

constexpr size_t hash_bytes = 8;

// The hash in big-endian order, so that the order of keys is that of hashes.
inline void append_hash(std::string &text, uint64_t hash) {
  hash = __builtin_bswap64(hash);
  text.append(reinterpret_cast<const char *>(&hash), sizeof hash);
}

// The profile that a key of RocksDB stands for; it has a hash at least.
usher_profile_key key(const rocksdb::Slice &found);

}  // namespace usher
