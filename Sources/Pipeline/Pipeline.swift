// Pipeline: what runs.
//
// A task is one partition: its engine, where it stands in the log, and what it has counted. `Backtest/` drives tasks
// from a file, `Lane/` from Kafka, in transactions that hold changes, state and offsets together. `Output/` says how a
// change is written. The room knows when things happen and in which order; who is in an audience is the engine's to say.
