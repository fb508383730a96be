import Glibc
import MartletDisk
import MartletJournal

/// Appends entries of 100 bytes to a journal in memory, one a call and a hundred a call.
struct MemoryBenchmark {
    /// Keeps nothing: what is measured is the journal.
    private struct NoKeeper: DescriptorKeeper {
        func push(_ descriptor: Int32, name: String) {}
        func remove(name: String) {}
        func barrier() {}
    }

    let count: Int

    func run() throws {
        for size in [1, 100] {
            let store = try MemfdStore(inherited: [], keeper: NoKeeper())
            let recovery = try Recovery(store, medium: .memory)
            try recovery.replay { _, _ in }
            let journal = try MemfdJournal(continuing: recovery, on: store) {}
            let entries = Batch100.entries(size)
            let start = Stopwatch()
            entries.withUnsafeBytes { append($0, to: journal, calls: count / size) }
            let seconds = start.seconds
            print("\(size) a call: \(Int(seconds * 1e9 / Double(count))) ns an entry, \(journal.figures.segments) segments")
            journal.close()
        }
    }

    /// Cuts as a broker with a constant backlog does.
    @inline(never)
    private func append(_ entries: UnsafeRawBufferPointer, to journal: MemfdJournal, calls: Int) {
        for _ in 0..<calls {
            let segment = journal.segment
            _ = journal.append(entries)
            if journal.segment != segment, segment > 1 { journal.cut(before: segment) }
        }
    }
}

/// Entries with payloads of 100 bytes.
enum Batch100 {
    static func entries(_ count: Int) -> [UInt8] {
        (0..<count).flatMap { _ in [100, 0, 0, 0, 0, 0, 0, 0] + (0..<100).map { UInt8($0) } }
    }
}

struct Stopwatch {
    private let start = Self.now

    var seconds: Double { Self.now - start }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
