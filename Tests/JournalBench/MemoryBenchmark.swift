import MartletDisk
import MartletJournal

/// Appends entries of 100 bytes to a journal in memory.
struct MemoryBenchmark {
    /// Keeps nothing: what is measured is the journal.
    private struct NoKeeper: DescriptorKeeper {
        func push(_ descriptor: Int32, name: String) {}
        func remove(name: String) {}
        func barrier() {}
    }

    let count: Int
    let perCall: Int

    func run() throws {
        let store = try MemfdStore(inherited: [], keeper: NoKeeper())
        let recovery = try Recovery(store, medium: .memory)
        try recovery.replay { _, _ in }
        let journal = try MemfdJournal(continuing: recovery, on: store) {}
        let entries = Batch100.entries(perCall)
        let clock = Stopwatch()
        entries.withUnsafeBytes { append($0, to: journal, calls: count / perCall) }
        let nanoseconds = clock.seconds * 1e9 / Double(count)
        print("\(perCall) a call: \(Int(nanoseconds)) ns an entry, \(journal.figures.segments) segments")
        journal.close()
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
