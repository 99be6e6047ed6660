// Events: what happened.
//
// This room reads one record (bytes of JSON) into what the engine asks of it: whose it is, what it is called, when it
// happened, and its properties. It knows the taxonomy (names, aliases, types) and the values that definitions compare
// (instants, durations, exact decimals). It does not know audiences, Kafka, files or the wall clock, and it copies
// nothing: what it hands out is valid until the next record is read.
