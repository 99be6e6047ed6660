// Opening, writing and closing.
#include "store.h"

#include <rocksdb/perf_level.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <thread>

using namespace rocksdb;

static constexpr int64_t never = std::numeric_limits<int64_t>::max();

static_assert(USHER_CODE_CORRUPTION == Status::kCorruption && USHER_CODE_NOT_SUPPORTED == Status::kNotSupported);
static_assert(USHER_CODE_IO == Status::kIOError && USHER_DETAIL_NO_SPACE == Status::kNoSpace);
static_assert(USHER_DETAIL_SPACE_LIMIT == Status::kSpaceLimit && USHER_DETAIL_PATH_NOT_FOUND == Status::kPathNotFound);

usher_failure usher::failure(const Status &status) {
  if (status.ok()) return {0, 0, nullptr};
  return {status.code(), status.subcode(), strdup(status.ToString().c_str())};
}

usher_profile_key usher::key(const Slice &found) {
  uint64_t hash;
  memcpy(&hash, found.data(), sizeof hash);
  return {__builtin_bswap64(hash), usher::bytes({found.data() + hash_bytes, found.size() - hash_bytes})};
}

Slice usher_store::key_of(uint64_t hash, usher_bytes id) {
  key.clear();
  usher::append_hash(key, hash);
  key.append(reinterpret_cast<const char *>(id.start), id.count);
  return key;
}

usher_failure usher_store_open(const char *folder, usher_memory *memory, usher_store **opened) {
  // RocksDB counts every step for each thread, and nobody asks; a store belongs to the thread that opens it.
  SetPerfLevel(PerfLevel::kDisable);
  auto store = std::make_unique<usher_store>();
  store->folder = folder;
  DB *database = nullptr;
  const auto options = usher::options();
  const auto families = usher::families(*memory);
  auto status = DB::Open(options, folder, families, &store->families, &database);
  if (!status.ok()) return usher::failure(status);
  for (const auto &family : families) store->tables.emplace_back(options, family.options);
  store->database.reset(database);
  *opened = store.release();
  return usher::failure(status);
}

void usher_store_close(usher_store *store) {
  store->by_hash.reset();
  store->read.Reset();
  store->many.clear();
  for (auto family : store->families) store->database->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  store->database->Close().PermitUncheckedError();
  delete store;
}

uint64_t usher_store_bytes(const usher_store *store) {
  uint64_t bytes = 0;
  store->database->GetAggregatedIntProperty(DB::Properties::kLiveSstFilesSize, &bytes);
  return bytes;
}

void usher_store_put(usher_store *store, usher_profile_key key, usher_bytes state, int64_t due_ms) {
  store->changes.push_back(
      {key.hash, nullptr, nullptr, store->collected.size(), key.id.count, state.count, due_ms, store->changes.size(),
       false});
  store->collected.append(reinterpret_cast<const char *>(key.id.start), key.id.count);
  store->collected.append(reinterpret_cast<const char *>(state.start), state.count);
}

void usher_store_lend(usher_store *store, usher_profile_key key, usher_bytes state, int64_t due_ms) {
  const Slice id = usher::slice(key.id);
  store->changes.push_back(
      {key.hash, id.data(), usher::slice(state).data(), 0, id.size(), state.count, due_ms, store->changes.size(), false});
}

void usher_store_remove(usher_store *store, usher_profile_key key) {
  store->changes.push_back(
      {key.hash, nullptr, nullptr, store->collected.size(), key.id.count, 0, never, store->changes.size(), true});
  store->collected.append(reinterpret_cast<const char *>(key.id.start), key.id.count);
}

// What one commit needed is kept for the next, unless it was far more than is usual.
void usher_store_discard(usher_store *store) {
  constexpr size_t usual_bytes = 4 << 20;
  if (store->changes.capacity() * sizeof(usher_store::Change) <= usual_bytes) {
    store->changes.clear();
  } else {
    std::vector<usher_store::Change>().swap(store->changes);
  }
  if (store->collected.capacity() <= usual_bytes) {
    store->collected.clear();
  } else {
    std::string().swap(store->collected);
  }
}

Slice usher_store::id_of(const Change &change) const {
  return {change.lent ? change.lent : collected.data() + change.at, change.id_bytes};
}

void usher_store::settle() {
  std::sort(changes.begin(), changes.end(), [this](const Change &a, const Change &b) {
    if (a.hash != b.hash) return a.hash < b.hash;
    const int order = id_of(a).compare(id_of(b));
    return order != 0 ? order < 0 : a.number < b.number;
  });
  size_t kept = 0;
  for (size_t index = 0; index < changes.size(); index++) {
    const bool is_last = index + 1 == changes.size() || changes[index].hash != changes[index + 1].hash ||
                         id_of(changes[index]) != id_of(changes[index + 1]);
    if (is_last) changes[kept++] = changes[index];
  }
  changes.resize(kept);
}

// Without an ending that RocksDB, or whoever looks for damage, would take for a table of the store.
std::string usher_store::table_path(size_t family) const { return folder + "/collected-" + std::to_string(family); }

Status usher_store::write(size_t family, const std::function<Status(SstFileWriter &)> &fill) {
  // The pages stay in the system's cache: compaction reads them soon.
  SstFileWriter writer(EnvOptions(), tables[family], families[family], false);
  auto status = writer.Open(table_path(family));
  if (status.ok()) status = fill(writer);
  return status.ok() ? writer.Finish() : status;
}

// A table that is handed over is taken however many there are already.
void usher_store::await_compaction() const {
  constexpr uint64_t most_tables = 24;
  constexpr auto longest = std::chrono::seconds(20);
  const auto began = std::chrono::steady_clock::now();
  uint64_t count = 0;
  while (database->GetIntProperty(profiles(), DB::Properties::kNumFilesAtLevelPrefix + "0", &count) &&
         count >= most_tables && std::chrono::steady_clock::now() - began < longest) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

usher_failure usher_store_commit(usher_store *store, usher_bytes position) {
  store->by_hash.reset();
  store->await_compaction();
  store->settle();
  const auto &changes = store->changes;
  std::vector<IngestExternalFileArg> files;
  Status status;
  const auto make = [&](size_t family, const std::function<Status(SstFileWriter &)> &fill) {
    if (status.ok()) status = store->write(family, fill);
    IngestExternalFileArg file;
    file.column_family = store->families[family];
    file.external_files = {store->table_path(family)};
    file.options.move_files = true;
    file.options.write_global_seqno = false;
    files.push_back(file);
  };
  make(0, [&](SstFileWriter &table) { return table.Put(Slice(), usher::slice(position)); });
  if (!changes.empty()) {
    make(1, [&](SstFileWriter &table) {
      Status status;
      for (const auto &change : changes) {
        const Slice id = store->id_of(change), key = store->key_of(change.hash, usher::bytes(id));
        const char *state = change.lent ? change.state : id.data() + id.size();
        status = change.is_removal ? table.Delete(key) : table.Put(key, {state, change.state_bytes});
        if (!status.ok()) break;
      }
      return status;
    });
    make(2, [&](SstFileWriter &table) {
      Status status;
      for (const auto &change : changes) {
        const Slice key = store->key_of(change.hash, usher::bytes(store->id_of(change)));
        const Slice due{reinterpret_cast<const char *>(&change.due_ms), sizeof change.due_ms};
        status = change.due_ms == never ? table.Delete(key) : table.Put(key, due);
        if (!status.ok()) break;
      }
      return status;
    });
  }
  // All of them, or none.
  if (status.ok()) status = store->database->IngestExternalFiles(files);
  if (!status.ok()) return usher::failure(status);
  usher_store_discard(store);
  return usher::failure(status);
}
