// Opening, writing and closing.
#include "store.h"

#include <rocksdb/perf_level.h>

#include <algorithm>
#include <cstring>
#include <limits>

using namespace rocksdb;

static constexpr int64_t never = std::numeric_limits<int64_t>::max();

static_assert(USHER_CODE_CORRUPTION == Status::kCorruption && USHER_CODE_NOT_SUPPORTED == Status::kNotSupported);
static_assert(USHER_CODE_IO == Status::kIOError && USHER_DETAIL_NO_SPACE == Status::kNoSpace);
static_assert(USHER_DETAIL_SPACE_LIMIT == Status::kSpaceLimit && USHER_DETAIL_PATH_NOT_FOUND == Status::kPathNotFound);

usher_failure usher::failure(const Status &status) {
  if (status.ok()) return {0, 0, nullptr};
  return {status.code(), status.subcode(), strdup(status.ToString().c_str())};
}

uint64_t usher::hash_of(const Slice &key) {
  uint64_t hash;
  memcpy(&hash, key.data(), sizeof hash);
  return __builtin_bswap64(hash);
}

Slice usher_store::key_of(uint64_t hash, usher_bytes id) {
  key.clear();
  usher::append_hash(key, hash);
  key.append(reinterpret_cast<const char *>(id.start), id.count);
  return key;
}

uint64_t usher_store::buffered() const {
  uint64_t bytes = 0;
  database->GetAggregatedIntProperty(DB::Properties::kCurSizeActiveMemTable, &bytes);
  return bytes;
}

// All families are named: of those that are left out, RocksDB would forget after a crash what is older than the flush.
Status usher_store::flush(bool waits) {
  FlushOptions options;
  options.wait = waits;
  options.allow_write_stall = true;
  return database->Flush(options, families);
}

usher_failure usher_store_open(const char *folder, usher_memory *memory, usher_store **opened) {
  // RocksDB counts every step for each thread, and nobody asks; a store belongs to the thread that opens it.
  SetPerfLevel(PerfLevel::kDisable);
  auto store = std::make_unique<usher_store>();
  store->memory = memory;
  DB *database = nullptr;
  auto status = DB::Open(
      usher::options(*memory), folder, usher::families(*memory), &store->families, &database);
  if (!status.ok()) return usher::failure(status);
  store->database.reset(database);
  *opened = store.release();
  memory->add(*opened);
  return usher::failure(status);
}

void usher_store_close(usher_store *store) {
  store->memory->remove(store);
  store->read.Reset();
  store->many.clear();
  for (auto family : store->families) store->database->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  store->database->Close().PermitUncheckedError();
  delete store;
}

usher_failure usher_store_flush(usher_store *store) { return usher::failure(store->flush(true)); }

uint64_t usher_store_bytes(const usher_store *store) {
  uint64_t tables = 0, buffers = 0;
  store->database->GetAggregatedIntProperty(DB::Properties::kLiveSstFilesSize, &tables);
  store->database->GetAggregatedIntProperty(DB::Properties::kCurSizeAllMemTables, &buffers);
  return tables + buffers;
}

void usher_store_put(usher_store *store, usher_profile_key key, usher_bytes state, int64_t due_ms) {
  store->changes.push_back({key.hash, store->collected.size(), key.id.count, state.count, due_ms, false});
  store->collected.append(reinterpret_cast<const char *>(key.id.start), key.id.count);
  store->collected.append(reinterpret_cast<const char *>(state.start), state.count);
}

void usher_store_remove(usher_store *store, usher_profile_key key) {
  store->changes.push_back({key.hash, store->collected.size(), key.id.count, 0, never, true});
  store->collected.append(reinterpret_cast<const char *>(key.id.start), key.id.count);
}

// What one commit needed is kept for the next, unless it was far more than is usual.
void usher_store_discard(usher_store *store) {
  constexpr size_t usual_bytes = 16 << 20;
  const bool is_usual = store->collected.capacity() <= usual_bytes;
  store->changes.clear();
  store->collected.clear();
  store->batch.Clear();
  if (is_usual) return;
  store->changes.shrink_to_fit();
  store->collected.shrink_to_fit();
  store->batch = WriteBatch();
}

// In the order of hashes: each finds its place in the write buffers beside the one before, which takes a third off a
// commit. Then in the order of arrival, so that of several words on a profile the last counts.
Status usher_store::fill() {
  std::sort(changes.begin(), changes.end(), [](const Change &a, const Change &b) {
    return a.hash != b.hash ? a.hash < b.hash : a.at < b.at;
  });
  batch.Clear();
  Status status;
  for (const auto &change : changes) {
    const char *id = collected.data() + change.at;
    const Slice at = key_of(change.hash, {reinterpret_cast<const uint8_t *>(id), change.id_bytes});
    status = change.is_removal ? batch.Delete(profiles(), at)
                               : batch.Put(profiles(), at, {id + change.id_bytes, change.state_bytes});
    if (!status.ok()) break;
    const Slice due{reinterpret_cast<const char *>(&change.due_ms), sizeof change.due_ms};
    status = change.due_ms == never ? batch.Delete(dues(), at) : batch.Put(dues(), at, due);
    if (!status.ok()) break;
  }
  return status;
}

usher_failure usher_store_commit(usher_store *store, usher_bytes position) {
  auto status = store->fill();
  if (status.ok()) status = store->batch.Put(store->position(), Slice(), usher::slice(position));
  if (!status.ok()) return usher::failure(status);
  WriteOptions options;
  options.disableWAL = true;
  status = store->database->Write(options, &store->batch);
  if (!status.ok()) return usher::failure(status);
  usher_store_discard(store);
  store->memory->relieve();
  return usher::failure(status);
}
