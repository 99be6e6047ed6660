// A world that a lane cannot tell from the real one, in which everything happens in an order that one number decides.
//
// Lanes run as they are: on threads of their own, of which one runs at a time. Whenever a lane asks its world for
// something, its turn ends, and virtual time goes on to whatever comes next: an answer, a request that was late, the end
// of a session, the death of a process. The same seed gives the same run.
//
// - `Schedule`: virtual time, and whose turn it is.
// - `Kafka`: brokers (logs, transactions, groups) and clients; stricter than librdkafka's mock, and held to the real one
//   by the same scripts run on both.
// - `Disk`: a store that loses in a crash what was not flushed.
// - `World`: a process: what its lanes stand on, with faults.
// - `Trial`: a shop, a log, faults and a verdict, all from one seed.
