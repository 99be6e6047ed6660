// Swift's Mutex takes a lock that is free by an atomic of the module that uses it, which the thread sanitizer sees. One that
// another thread holds is taken in Swift's own library, which is not built with the sanitizer: what was written under
// the lock would look like a race. These two stand before that library's functions and say what they do to the lock.
// Names and calling convention are those of Swift 6's Synchronization module (`_MutexHandle` on Linux).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef __attribute__((swiftcall)) void lock_slow(uint32_t thread, __attribute__((swift_context)) void *lock);
typedef __attribute__((swiftcall)) void unlock_slow(__attribute__((swift_context)) void *lock);

void __tsan_acquire(void *address);
void __tsan_release(void *address);

static void *of_library(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (!function) abort();
  return function;
}

__attribute__((swiftcall)) void lock_contended(uint32_t thread, __attribute__((swift_context)) void *lock) __asm__(LOCK_SLOW);
__attribute__((swiftcall)) void lock_contended(uint32_t thread, __attribute__((swift_context)) void *lock) {
  ((lock_slow *)of_library(LOCK_SLOW))(thread, lock);
  __tsan_acquire(lock);
}

__attribute__((swiftcall)) void unlock_contended(__attribute__((swift_context)) void *lock) __asm__(UNLOCK_SLOW);
__attribute__((swiftcall)) void unlock_contended(__attribute__((swift_context)) void *lock) {
  __tsan_release(lock);
  ((unlock_slow *)of_library(UNLOCK_SLOW))(lock);
}
