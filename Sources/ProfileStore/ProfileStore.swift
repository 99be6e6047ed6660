// ProfileStore: what outlives the process.
//
// The codec of the changelog: the state of a profile, and where a task stands, as bytes. A record begins with the
// version of its form, and every version ever written can be read. The room knows what an engine keeps; it does not
// know Kafka, or when anything is written.
