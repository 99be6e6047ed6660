import Glibc

let dispatch = Dispatch(verbs: Verb.all, width: Help.width(of: .output))
exit(dispatch.run(Array(CommandLine.arguments.dropFirst())))
