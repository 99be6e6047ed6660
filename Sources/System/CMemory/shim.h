// A word to the processor about memory, for which Swift has none.
#pragma once

// Asks for the cache line at an address, which will be read and written soon. Never faults.
static inline void usher_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }
