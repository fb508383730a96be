import Glibc
import MartletDisk
import MartletJournal

/// What the journal costs here, and a process to be killed.
let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "files": try FileBenchmark(directory: arguments.dropFirst().first ?? "/tmp/martlet-journal-bench").run()
case "memory":
    let numbers = arguments.dropFirst().compactMap { Int($0) }
    try MemoryBenchmark(count: numbers.first ?? 2_000_000, perCall: numbers.dropFirst().first ?? 1).run()
case "append-to-files" where arguments.count == 2: try Appender.toFiles(arguments[1])
case "append-to-memory": try Appender.toMemory()
default:
    print(
        """
        usage: martlet-journal-bench files [DIRECTORY]        entries and syncs a second, 64 appenders that wait
               martlet-journal-bench memory [COUNT] [A-CALL]  time of an append; run it under callgrind for more
               martlet-journal-bench append-to-files DIRECTORY | append-to-memory
        """
    )
}
