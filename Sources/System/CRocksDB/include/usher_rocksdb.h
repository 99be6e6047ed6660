// RocksDB as a store of profiles: three families of keys that are written as one.
//
// RocksDB's own C interface cannot take tables of several families as one, and tells errors apart by their words only.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Bytes that somebody else owns; `start` is NULL where there is nothing.
typedef struct {
  const uint8_t *start;
  size_t count;
} usher_bytes;

// Which profile. Keys are ordered by the hash.
typedef struct {
  uint64_t hash;
  usher_bytes id;
} usher_profile_key;

// What RocksDB says went wrong: `words` is NULL where nothing did, and is given back with `free` where something did.
typedef struct {
  int32_t code;    // rocksdb::Status::Code
  int32_t detail;  // rocksdb::Status::SubCode
  char *words;
} usher_failure;

// rocksdb::Status::Code and SubCode, as far as they are told apart.
enum { USHER_CODE_CORRUPTION = 2, USHER_CODE_NOT_SUPPORTED = 3, USHER_CODE_IO = 5 };
enum { USHER_DETAIL_NO_SPACE = 4, USHER_DETAIL_SPACE_LIMIT = 8, USHER_DETAIL_PATH_NOT_FOUND = 9 };

// Memory that stores share. It may be used from any thread, and outlives its stores.
typedef struct usher_memory usher_memory;

usher_memory *usher_memory_new(size_t budget_bytes);
void usher_memory_free(usher_memory *memory);
// What is in use.
size_t usher_memory_used_bytes(const usher_memory *memory);

// A store in one folder, used by one thread at a time.
typedef struct usher_store usher_store;

// Opens what is in a folder that exists, or makes a new store there.
usher_failure usher_store_open(const char *folder, usher_memory *memory, usher_store **opened);
// Whatever was not committed is not on disk.
void usher_store_close(usher_store *store);
// On disk, about.
uint64_t usher_store_bytes(const usher_store *store);

// Collects into the next commit; ids are not empty. `due_ms` is INT64_MAX where time alone changes nothing.
void usher_store_put(usher_store *store, usher_profile_key key, usher_bytes state, int64_t due_ms);
// The same, but id and state stay where they are until the next commit, or until they are discarded.
void usher_store_lend(usher_store *store, usher_profile_key key, usher_bytes state, int64_t due_ms);
void usher_store_remove(usher_store *store, usher_profile_key key);
void usher_store_discard(usher_store *store);
// Writes what was collected and the position to disk: all of it or nothing. Where it fails, what was collected stays.
usher_failure usher_store_commit(usher_store *store, usher_bytes position);

// What is read is valid until the next call with the same store. No bytes: there is none.
usher_failure usher_store_position(usher_store *store, usher_bytes *position);
usher_failure usher_store_state(usher_store *store, usher_profile_key key, usher_bytes *state);
usher_failure usher_store_states(usher_store *store, const usher_profile_key *keys, size_t count, usher_bytes *states);

// A walk over what is committed at its beginning. It ends before its store is closed; that over the states of a hash
// before the next one and before the next commit.
typedef struct usher_walk usher_walk;

usher_walk *usher_walk_states(usher_store *store, uint64_t first_hash);
usher_walk *usher_walk_states_of_hash(usher_store *store, uint64_t hash);
usher_walk *usher_walk_dues(usher_store *store);
// Whether there is a next profile; its bytes are valid until the next step.
bool usher_walk_next_state(usher_walk *walk, usher_profile_key *key, usher_bytes *state);
bool usher_walk_next_due(usher_walk *walk, usher_profile_key *key, int64_t *due_ms);
// Ends a walk, and tells whether it came to its end without fault.
usher_failure usher_walk_end(usher_walk *walk);

#ifdef __cplusplus
}
#endif
