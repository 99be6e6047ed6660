// One budget for the caches and write buffers of all stores.
#include "store.h"

#include <algorithm>

using namespace rocksdb;

usher_memory::usher_memory(size_t budget_bytes) {
  LRUCacheOptions options;
  options.capacity = budget_bytes;
  // Few threads read, and a shard is to hold many blocks even where the budget is small.
  options.num_shard_bits = 2;
  cache = NewLRUCache(options);
  // A quarter for what is written; it is charged to the cache, so whatever is not used of it serves reads.
  buffers = std::make_shared<WriteBufferManager>(budget_bytes / 4, cache);
}

void usher_memory::add(usher_store *store) {
  std::lock_guard lock(gate);
  stores.push_back(store);
}

void usher_memory::remove(usher_store *store) {
  std::lock_guard lock(gate);
  stores.erase(std::remove(stores.begin(), stores.end(), store), stores.end());
}

// RocksDB itself flushes whichever store happens to write when buffers are 7/8 full. Where most of them belong to stores
// that are written to no longer, that would be a flush of next to nothing with every commit of the others.
void usher_memory::relieve() {
  if (buffers->mutable_memtable_memory_usage() < buffers->buffer_size() / 4 * 3) return;
  std::unique_lock lock(gate, std::try_to_lock);
  if (!lock) return;  // another store's thread is at it
  usher_store *largest = nullptr;
  uint64_t most = 0;
  for (auto store : stores) {
    uint64_t bytes = store->buffered();
    if (bytes > most) {
      largest = store;
      most = bytes;
    }
  }
  // What fails here fails again, and is told, in the commit of the store that it is about.
  if (largest) largest->flush(false).PermitUncheckedError();
}

usher_memory *usher_memory_new(size_t budget_bytes) { return new usher_memory(budget_bytes); }

void usher_memory_free(usher_memory *memory) { delete memory; }

size_t usher_memory_used_bytes(const usher_memory *memory) { return memory->cache->GetUsage(); }

size_t usher_memory_buffer_bytes(const usher_memory *memory) { return memory->buffers->memory_usage(); }
