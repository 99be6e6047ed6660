// Point reads, and walks from one key to the next.
#include "store.h"

#include <cstring>

using namespace rocksdb;

namespace {

usher_failure read(usher_store *store, ColumnFamilyHandle *family, const Slice &key, usher_bytes *value) {
  *value = {nullptr, 0};
  store->read.Reset();
  auto status = store->database->Get(store->reading, family, key, &store->read);
  if (status.IsNotFound()) return {0, 0, nullptr};
  if (status.ok()) *value = usher::bytes(store->read);
  return usher::failure(status);
}

}  // namespace

usher_failure usher_store_position(usher_store *store, usher_bytes *position) {
  return read(store, store->position(), Slice(), position);
}

usher_failure usher_store_state(usher_store *store, usher_profile_key key, usher_bytes *state) {
  return read(store, store->profiles(), store->key_of(key.hash, key.id), state);
}

usher_failure usher_store_states(
    usher_store *store, const usher_profile_key *keys, size_t count, usher_bytes *states) {
  store->key.clear();
  std::vector<Slice> slices(count);
  std::vector<Status> statuses(count);
  size_t total = 0;
  for (size_t index = 0; index < count; index++) total += usher::hash_bytes + keys[index].id.count;
  store->key.reserve(total);  // slices point into it
  for (size_t index = 0; index < count; index++) {
    size_t from = store->key.size();
    usher::append_hash(store->key, keys[index].hash);
    store->key.append(reinterpret_cast<const char *>(keys[index].id.start), keys[index].id.count);
    slices[index] = {store->key.data() + from, store->key.size() - from};
  }
  if (store->many.size() < count) store->many.resize(count);
  for (auto &value : store->many) value.Reset();
  store->database->MultiGet(
      store->reading, store->profiles(), count, slices.data(), store->many.data(), statuses.data());
  for (size_t index = 0; index < count; index++) {
    states[index] = {nullptr, 0};
    if (statuses[index].ok()) {
      states[index] = usher::bytes(store->many[index]);
    } else if (!statuses[index].IsNotFound()) {
      return usher::failure(statuses[index]);
    }
  }
  return {0, 0, nullptr};
}

struct usher_walk {
  Iterator *iterator;
  std::unique_ptr<Iterator> own;  // none where it is the store's
  Status status;
  bool is_begun = false;

  // Goes to the next key. At the end it stays there, however often it is asked: Debian's RocksDB is built with its
  // assertions, and one step further would end the process.
  bool step() {
    if (is_begun && iterator->Valid()) iterator->Next();
    is_begun = true;
    return status.ok() && iterator->Valid();
  }

  // What is no key or no value of ours is damage that no checksum finds.
  bool fits(bool does) {
    if (!does) status = Status::Corruption("a key or a value has the wrong length");
    return does;
  }
};

namespace {

// From a hash on to the end, without pushing what is hot out of the cache.
usher_walk *walk_from(usher_store *store, ColumnFamilyHandle *family, uint64_t hash) {
  ReadOptions options;
  options.total_order_seek = true;
  options.fill_cache = false;
  options.readahead_size = 1024 * 1024;
  std::unique_ptr<Iterator> iterator(store->database->NewIterator(options, family));
  auto walk = new usher_walk{iterator.get(), std::move(iterator), {}};
  walk->iterator->Seek(store->key_of(hash, {nullptr, 0}));
  return walk;
}

}  // namespace

usher_walk *usher_walk_states(usher_store *store, uint64_t first_hash) {
  return walk_from(store, store->profiles(), first_hash);
}

usher_walk *usher_walk_dues(usher_store *store) { return walk_from(store, store->dues(), 0); }

// To make an iterator costs more than to move it, so one serves until the next commit. It sees the store as it was
// then, and nothing but commits changes what there is to see.
usher_walk *usher_walk_states_of_hash(usher_store *store, uint64_t hash) {
  if (!store->by_hash || !store->by_hash->status().ok()) {
    ReadOptions options;
    options.prefix_same_as_start = true;
    store->by_hash.reset(store->database->NewIterator(options, store->profiles()));
  }
  auto walk = new usher_walk{store->by_hash.get(), nullptr, {}};
  walk->iterator->Seek(store->key_of(hash, {nullptr, 0}));
  return walk;
}

bool usher_walk_next_state(usher_walk *walk, usher_profile_key *key, usher_bytes *state) {
  if (!walk->step()) return false;
  const Slice found = walk->iterator->key();
  if (!walk->fits(found.size() >= usher::hash_bytes)) return false;
  *key = usher::key(found);
  *state = usher::bytes(walk->iterator->value());
  return true;
}

bool usher_walk_next_due(usher_walk *walk, usher_profile_key *key, int64_t *due_ms) {
  if (!walk->step()) return false;
  const Slice found = walk->iterator->key(), value = walk->iterator->value();
  if (!walk->fits(found.size() >= usher::hash_bytes && value.size() == sizeof(int64_t))) return false;
  *key = usher::key(found);
  memcpy(due_ms, value.data(), sizeof(int64_t));
  return true;
}

usher_failure usher_walk_end(usher_walk *walk) {
  auto status = walk->status.ok() ? walk->iterator->status() : walk->status;
  auto failure = usher::failure(status);
  delete walk;
  return failure;
}
