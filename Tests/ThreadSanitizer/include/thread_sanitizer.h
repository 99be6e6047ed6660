// Nothing: what is here takes the place of functions of the C library and of Swift's. See threads.c and mutex.c.
