// Audiences: what a shop's definitions say.
//
// Reading turns files into `Definition/`, with every mistake told in one go; `Plan/` compiles definitions into the
// tables that the engine walks; `Succession/` says what of the states that were kept under one plan is still good under
// another. The room knows the language and the taxonomy. It does not know profiles, time passing, Kafka or the disk
// beyond the files it is given.
