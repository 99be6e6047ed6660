// What the parts of this target share.
#pragma once
#include "usher_rocksdb.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <rocksdb/write_buffer_manager.h>

struct usher_memory {
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<rocksdb::WriteBufferManager> buffers;

  explicit usher_memory(size_t budget_bytes);

  void add(usher_store *store);
  void remove(usher_store *store);
  // Lets the store with the largest write buffers write them to disk, where all together have grown too large.
  void relieve();

 private:
  std::mutex gate;
  std::vector<usher_store *> stores;
};

struct usher_store {
  usher_memory *memory = nullptr;
  std::unique_ptr<rocksdb::DB> database;
  // In the order of `usher::families`.
  std::vector<rocksdb::ColumnFamilyHandle *> families;

  // What is collected for the next commit: changes, and their ids and states one behind the other.
  struct Change {
    uint64_t hash;
    size_t at;  // of the id in `collected`; the state follows it
    size_t id_bytes;
    size_t state_bytes;
    int64_t due_ms;
    bool is_removal;
  };
  std::vector<Change> changes;
  std::string collected;
  rocksdb::WriteBatch batch;

  rocksdb::ReadOptions reading;
  rocksdb::PinnableSlice read;
  std::vector<rocksdb::PinnableSlice> many;
  std::string key;

  rocksdb::ColumnFamilyHandle *position() const { return families[0]; }
  rocksdb::ColumnFamilyHandle *profiles() const { return families[1]; }
  rocksdb::ColumnFamilyHandle *dues() const { return families[2]; }

  // A profile's key, valid until the next is asked for.
  rocksdb::Slice key_of(uint64_t hash, usher_bytes id);
  // Bytes in write buffers that are still written to.
  uint64_t buffered() const;
  // Makes a batch of what is collected.
  rocksdb::Status fill();
  rocksdb::Status flush(bool waits);
};

namespace usher {

rocksdb::DBOptions options(const usher_memory &memory);
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

uint64_t hash_of(const rocksdb::Slice &key);

}  // namespace usher
