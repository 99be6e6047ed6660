// Opening, writing and closing.
#include "store.h"

#include <cstring>
#include <limits>

using namespace rocksdb;

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

namespace {

void remember(usher_store *store, const Status &status) {
  if (store->unpending.ok()) store->unpending = status;
}

}  // namespace

void usher_store_put(usher_store *store, usher_profile_key key, usher_bytes state, int64_t due_ms) {
  const Slice at = store->key_of(key.hash, key.id);
  remember(store, store->pending.Put(store->profiles(), at, usher::slice(state)));
  if (due_ms == std::numeric_limits<int64_t>::max()) {
    remember(store, store->pending.Delete(store->dues(), at));
  } else {
    remember(store, store->pending.Put(store->dues(), at, {reinterpret_cast<const char *>(&due_ms), sizeof due_ms}));
  }
}

void usher_store_remove(usher_store *store, usher_profile_key key) {
  const Slice at = store->key_of(key.hash, key.id);
  remember(store, store->pending.Delete(store->profiles(), at));
  remember(store, store->pending.Delete(store->dues(), at));
}

void usher_store_discard(usher_store *store) {
  store->pending.Clear();
  store->unpending = Status::OK();
}

usher_failure usher_store_commit(usher_store *store, usher_bytes position) {
  remember(store, store->pending.Put(store->position(), Slice(), usher::slice(position)));
  if (!store->unpending.ok()) return usher::failure(store->unpending);
  WriteOptions options;
  options.disableWAL = true;
  auto status = store->database->Write(options, &store->pending);
  if (!status.ok()) return usher::failure(status);
  usher_store_discard(store);
  store->memory->relieve();
  return usher::failure(status);
}
