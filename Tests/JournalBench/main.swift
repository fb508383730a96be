import Glibc
import MartletDisk
import MartletJournal

/// What the journal costs here: `martlet-journal-bench files DIRECTORY` prints entries and syncs a second with 64
/// appenders that each wait for the sync, `memory [COUNT]` the time of an append (and, under
/// `valgrind --tool=callgrind`, its instructions).
let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "files": try FileBenchmark(directory: arguments.dropFirst().first ?? "/tmp/martlet-journal-bench").run()
case "memory": try MemoryBenchmark(count: arguments.dropFirst().first.flatMap { Int($0) } ?? 2_000_000).run()
default: print("usage: martlet-journal-bench files [DIRECTORY] | memory [COUNT]")
}
