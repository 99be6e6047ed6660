// How RocksDB is set up: for tables that are handed to it whole, for point reads, and for little beside the budget.
#include "store.h"

#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

namespace {

using namespace rocksdb;

constexpr size_t kib = 1024, mib = 1024 * kib;

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

ColumnFamilyOptions family() {
  ColumnFamilyOptions family;
  // Nothing is ever written to buffers.
  family.write_buffer_size = 64 * kib;
  family.compression = kLZ4Compression;
  // So that some eight gigabytes of a store are open at a time.
  family.target_file_size_base = 64 * mib;
  family.max_bytes_for_level_base = 128 * mib;
  // About a tenth more on disk than there is, rather than as much again.
  family.level_compaction_dynamic_level_bytes = true;
  return family;
}

ColumnFamilyOptions profiles(const usher_memory &memory) {
  auto family = ::family();
  auto table = tables(memory);
  // Keys are spread evenly and values are short: a small block keeps fewer strangers in the cache beside a hot key.
  table.block_size = 4 * kib;
  table.data_block_index_type = BlockBasedTableOptions::kDataBlockBinaryAndHash;
  // The filters are of the hash, which begins the key and is as good as the whole of it. So they also tell where
  // nothing has a hash, which a filter of whole keys cannot.
  family.prefix_extractor.reset(NewFixedPrefixTransform(usher::hash_bytes));
  table.filter_policy.reset(NewBloomFilterPolicy(10));
  table.whole_key_filtering = false;
  // A filter stays where it is while its table is open, 1.25 bytes a profile, charged to the budget: every look-up asks
  // those of several tables, and asking a cache for a part of each took a third of its time.
  table.metadata_cache_options.unpartitioned_pinning = PinningTier::kAll;
  family.table_factory.reset(NewBlockBasedTableFactory(table));
  return family;
}

// Only ever read from one end to the other.
ColumnFamilyOptions dues(const usher_memory &memory) {
  auto family = ::family();
  auto table = tables(memory);
  table.block_size = 32 * kib;
  family.table_factory.reset(NewBlockBasedTableFactory(table));
  return family;
}

// One key, written with each commit.
ColumnFamilyOptions position(const usher_memory &memory) {
  auto family = ::family();
  family.table_factory.reset(NewBlockBasedTableFactory(tables(memory)));
  return family;
}

}  // namespace

DBOptions usher::options() {
  DBOptions options;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  // A store that could not be written to stays so until it is opened again: it does not come back by itself.
  options.max_bgerror_resume_count = 0;
  options.paranoid_checks = true;

  // All stores of the process together have one thread for compactions.
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
