// How RocksDB is set up: for one writer, for point reads of hot keys, and for little beside the budget.
#include "store.h"

#include <algorithm>

#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

namespace {

using namespace rocksdb;

constexpr size_t kib = 1024, mib = 1024 * kib;

// One store may fill half of what all write buffers have: so much is written to disk while the other half fills.
size_t buffer_bytes(const usher_memory &memory) {
  return std::clamp(memory.buffers->buffer_size() / 2, 64 * kib, 64 * mib);
}

BlockBasedTableOptions tables(const usher_memory &memory) {
  BlockBasedTableOptions table;
  table.block_cache = memory.cache;
  // A form that is fixed, so that another RocksDB of the distribution does not change it.
  table.format_version = 5;
  table.checksum = kXXH3;
  // Indexes are cached in parts, and so charged to the budget and dropped where they are not used.
  table.index_type = BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_top_level_index_and_filter = true;
  table.cache_usage_options.options_overrides.insert(
      {CacheEntryRole::kBlockBasedTableReader, {CacheEntryRoleOptions::Decision::kEnabled}});
  return table;
}

ColumnFamilyOptions family(const usher_memory &memory) {
  ColumnFamilyOptions family;
  family.write_buffer_size = buffer_bytes(memory);
  family.max_write_buffer_number = 3;
  family.compression = kLZ4Compression;
  family.target_file_size_base = 32 * mib;
  family.max_bytes_for_level_base = 128 * mib;
  // About a tenth more on disk than there is, rather than as much again.
  family.level_compaction_dynamic_level_bytes = true;
  return family;
}

ColumnFamilyOptions profiles(const usher_memory &memory) {
  auto family = ::family(memory);
  auto table = tables(memory);
  // Keys are spread evenly and values are short: a small block keeps fewer strangers in the cache beside a hot key.
  table.block_size = 4 * kib;
  table.data_block_index_type = BlockBasedTableOptions::kDataBlockBinaryAndHash;
  // The filters are of the hash, which begins the key and is as good as the whole of it. So they also tell where
  // nothing has a hash, which a filter of whole keys cannot.
  family.prefix_extractor.reset(NewFixedPrefixTransform(usher::hash_bytes));
  table.filter_policy.reset(NewBloomFilterPolicy(10));
  table.whole_key_filtering = false;
  table.partition_filters = true;
  family.memtable_prefix_bloom_size_ratio = 0.005;  // about 14 bits a profile of 300 bytes
  family.table_factory.reset(NewBlockBasedTableFactory(table));
  return family;
}

// Only ever read from one end to the other.
ColumnFamilyOptions dues(const usher_memory &memory) {
  auto family = ::family(memory);
  auto table = tables(memory);
  table.block_size = 32 * kib;
  family.table_factory.reset(NewBlockBasedTableFactory(table));
  return family;
}

// One key, written with each commit.
ColumnFamilyOptions position(const usher_memory &memory) {
  auto family = ::family(memory);
  family.write_buffer_size = std::min(family.write_buffer_size, 8 * mib);
  family.table_factory.reset(NewBlockBasedTableFactory(tables(memory)));
  return family;
}

}  // namespace

DBOptions usher::options(const usher_memory &memory) {
  DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.write_buffer_manager = memory.buffers;
  // RocksDB's own log is off: whatever is on disk must be so for all families up to one commit.
  options.atomic_flush = true;
  // What is not flushed is read again from the changelog. A clean stop flushes, and hears whether it went well.
  options.avoid_flush_during_shutdown = true;
  // A store that could not be written to stays so until it is opened again: it does not come back by itself.
  options.max_bgerror_resume_count = 0;
  options.paranoid_checks = true;

  // One thread writes.
  options.allow_concurrent_memtable_write = false;
  options.enable_write_thread_adaptive_yield = false;
  // All stores of the process together have one thread for flushes and one for compactions.
  options.max_background_jobs = 2;
  options.bytes_per_sync = 1 * mib;
  options.max_open_files = 128;
  options.max_file_opening_threads = 1;
  options.skip_stats_update_on_db_open = true;
  options.manifest_preallocation_size = 64 * kib;
  options.max_manifest_file_size = 16 * mib;

  options.info_log_level = WARN_LEVEL;
  options.max_log_file_size = 1 * mib;
  options.keep_log_file_num = 2;
  options.stats_dump_period_sec = 0;
  options.stats_persist_period_sec = 0;
  return options;
}

std::vector<ColumnFamilyDescriptor> usher::families(const usher_memory &memory) {
  return {{kDefaultColumnFamilyName, position(memory)}, {"profiles", profiles(memory)}, {"due", dues(memory)}};
}
