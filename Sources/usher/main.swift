import Glibc

_ = ProcessFigures.beganMs
let dispatch = Dispatch(verbs: Verb.all, width: Help.width(of: .output))
exit(dispatch.run(Array(CommandLine.arguments.dropFirst())))
