// Telemetry: what Usher says about itself.
//
// A line a happening, on standard error, for people and for whatever gathers logs. The room knows nothing of what
// happens; it says how a line looks. Whoever writes a line sees to it that it holds no secret and no personal data.
