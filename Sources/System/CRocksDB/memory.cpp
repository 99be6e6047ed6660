// One budget for the caches of all stores.
#include "store.h"

using namespace rocksdb;

usher_memory::usher_memory(size_t budget_bytes) {
  LRUCacheOptions options;
  options.capacity = budget_bytes;
  // Few threads read, and a shard is to hold many blocks even where the budget is small.
  options.num_shard_bits = 2;
  cache = NewLRUCache(options);
}

usher_memory *usher_memory_new(size_t budget_bytes) { return new usher_memory(budget_bytes); }

void usher_memory_free(usher_memory *memory) { delete memory; }

size_t usher_memory_used_bytes(const usher_memory *memory) { return memory->cache->GetUsage(); }
