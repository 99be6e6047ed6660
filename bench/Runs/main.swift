// usher-bench: the runs of the standard workload that need a broker. `bench/README.md` tells how to start them.
//
// Each run makes topics of its own at the broker that it is given, starts `usher run` as a child, looks at what comes
// out from outside, and deletes its topics. It measures what a user of Usher would see, not what Usher says of itself.

import Glibc

let status = Dispatch.run(Array(CommandLine.arguments.dropFirst()))
exit(status)
