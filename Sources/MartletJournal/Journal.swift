/// The one thing that makes promises last: entries go in, and it says how far they are durable.
///
/// There are two: `FileJournal`, written and synced by a thread of its own, and `MemfdJournal`, which whoever appends
/// writes to at once. Both are reached through `Recovery`, which hands back first what the last run left.
///
/// A position is a count of bytes since this run began to append; it only grows and is no offset in a file.
/// `written`, `durable`, `condition` and `segment` cost a few atomic loads and may be read by any thread.
package protocol Journal: AnyObject, Sendable {
    /// The segment that the next append goes to, unless it is larger than a sixteenth of a segment: then it may go to a
    /// later one.
    var segment: UInt32 { get }

    /// Appends entries (`Entry`, one or more, their checksums zero) and returns the position behind them.
    ///
    /// Neither waits nor fails: what cannot be kept now is never called durable. For one caller at a time.
    ///
    /// - Parameter promised: whether somebody waits for it to be durable. What is not promised is as durable as was
    ///   asked for when it is written, and is synced with what comes later.
    /// - Parameter waiting: how many wait for it to be durable or written. It tells when a sync is worth its while, and
    ///   promises nothing.
    func append(_ entries: UnsafeRawBufferPointer, promised: Bool, waiting: Int) -> UInt64

    /// Everything before this position survives the end of this process.
    var written: UInt64 { get }
    /// Everything before this position is as durable as was asked for.
    var durable: UInt64 { get }
    var condition: JournalCondition { get }
    var figures: JournalFigures { get }

    /// Says that no segment before this one is needed any more. They are freed, or used again, once everything appended
    /// so far is durable (synced, where durable is less).
    func cut(before segment: UInt32)

    /// Calls `body` with the payload of every entry that was appended and is not durable, in order. To be called after
    /// the journal has failed: whoever appended them takes them back.
    func unsyncedEntries(_ body: (UnsafeRawBufferPointer) -> Void)

    /// Makes durable what has been appended, as far as that is possible, and ends. Nothing may be appended afterwards.
    func close()
}

extension Journal {
    package func append(_ entries: UnsafeRawBufferPointer, promised: Bool = true) -> UInt64 {
        append(entries, promised: promised, waiting: 1)
    }
}
