// Nothing: what is here takes the place of functions of the C library. See threads.c.
