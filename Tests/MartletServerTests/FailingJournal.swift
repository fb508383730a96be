import MartletJournal
import MartletServer
import Synchronization

/// A journal in memory that makes everything durable at once, or nothing, until it fails.
final class FailingJournal: Journal, Sendable {
    private struct State {
        var position: UInt64 = 0
        var durable: UInt64 = 0
        var isHolding = false
        var condition = JournalCondition.ready
        /// What was appended, with the position behind it.
        var appended: [(bytes: [UInt8], end: UInt64)] = []
    }

    private let state = Mutex(State())
    let bell = JournalBell()

    /// From now on nothing that is appended becomes durable.
    func hold() { state.withLock { $0.isHolding = true } }

    /// What is held is durable now.
    func keep() {
        state.withLock {
            $0.isHolding = false
            $0.durable = $0.position
        }
        bell.ring()
    }

    func fail() {
        state.withLock { $0.condition = .failed("for a test") }
        bell.ring()
    }

    var segment: UInt32 { 1 }
    var written: UInt64 { state.withLock { $0.position } }
    var durable: UInt64 { state.withLock { $0.durable } }
    var condition: JournalCondition { state.withLock { $0.condition } }
    var figures: JournalFigures { JournalFigures() }

    func append(_ entries: UnsafeRawBufferPointer, promised: Bool, waiting: Int) -> UInt64 {
        state.withLock {
            $0.position += UInt64(entries.count)
            if !$0.isHolding { $0.durable = $0.position }
            $0.appended.append((Array(entries), $0.position))
            return $0.position
        }
    }

    func cut(before segment: UInt32) {}

    func unsyncedEntries(_ body: (UnsafeRawBufferPointer) -> Void) {
        let lost = state.withLock { state in state.appended.filter { $0.end > state.durable } }
        for entries in lost { entries.bytes.withUnsafeBytes { Entry.forEach(in: $0, body) } }
    }

    func close() {}
}
