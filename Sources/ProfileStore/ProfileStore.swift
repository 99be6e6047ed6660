// ProfileStore: what outlives the process.
//
// The codec of the changelog: the state of a profile, where a task stands, and the definitions under which states were
// kept, as bytes. A record begins with the version of its form, and every version ever written can be read. A store on
// disk holds the profiles of a task as the changelog has them, so that less of it is read after a stop, and so that
// profiles need not all be in memory; what it holds can always be made anew. The room knows what an engine keeps; it does
// not know Kafka, or when anything is written.
