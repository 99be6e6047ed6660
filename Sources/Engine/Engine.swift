// Engine: who is in.
//
// One engine serves one partition: its profiles, its clock, and the plan that says what is asked of them. It is pure:
// records go in, changes come out; it does no I/O, reads no clock, starts no thread and imports no Foundation. The
// steps are those of language.md, section 2, and `PartitionEngine+Apply.swift` tells them in that order.
//
// A profile is one block of memory (`Profiles/`): a head, a bit for each leaf and audience, and parts of various
// length. `Cells/` says how events are kept in parts and how plain leaves are answered from them, `Stories/` how events
// are kept that other events, or values, have to do with. `Traits/` tells traits, `Audiences/` who is eligible and who
// of them is in, `Merging/` how profiles end, `Succession/` how they go on under another plan. `Memory/` lets profiles lie in a store outside the engine: it asks for
// those that it needs, and lets go those that were not used lately.
//
// On the way of an event, methods are `mutating` even where they change nothing: for a call that only borrows the
// engine the compiler copies it (measured: a quarter of the time with 512 audiences).
