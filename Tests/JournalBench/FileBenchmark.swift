import Glibc
import MartletDisk
import MartletJournal

/// 64 appenders, each of which appends an entry of 100 bytes and waits until it is durable, for some seconds: one
/// thread plays them all, as a loop of the broker does.
struct FileBenchmark {
    private static let appenders = 64
    private static let seconds = 3.0

    let directory: String

    func run() throws {
        let disk = try FileDisk(directory: directory)
        let recovery = try Recovery(disk, medium: .files)
        let replay = Stopwatch()
        let summary = try recovery.replay { _, _ in }
        print("replayed \(summary.entries) entries in \(Int(replay.seconds * 1000)) ms")
        let bell = Bell()
        let journal = try FileJournal(continuing: recovery, on: disk) { bell.ring() }
        let entries = Batch100.entries(1)
        let clock = Stopwatch()
        var waiting: [UInt64] = []
        var done = 0
        var latencies = 0
        while clock.seconds < Self.seconds {
            while waiting.count < Self.appenders {
                waiting.append(entries.withUnsafeBytes { journal.append($0) })
            }
            bell.wait()
            let durable = journal.durable
            let before = waiting.count
            waiting.removeAll { $0 <= durable }
            done += before - waiting.count
            latencies += 1
        }
        let seconds = clock.seconds
        journal.close()
        let syncs = journal.figures.syncs
        print("\(Int(Double(done) / seconds)) entries/s, \(Int(Double(syncs) / seconds)) syncs/s, \(journal.condition)")
        print(
            "\(done / max(Int(syncs), 1)) entries a sync, \(latencies) wake-ups, segments \(journal.figures.segments)"
        )
    }
}
