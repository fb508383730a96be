import MartletBroker
import MartletJournal
import MartletProtocol

/// The last part of a turn: from the outbox to the sockets, without the core.
///
/// A connection's output is handed to the kernel in one call, straight out of the outbox where it is one run; only what
/// the kernel does not take is copied.
extension EventLoop {
    /// With a journal, a connection's output first waits until what it says is durable.
    func write() {
        guard !outbox.isEmpty else { return }
        if let journal = group.journal, !unreleased.isEmpty || !mayLeave.isDue(journal) {
            group.hold(index)
            return holdBack(Progress(journal))
        }
        write(&outbox)
    }

    /// Runs that may leave do, unless earlier ones of the same connection wait.
    private func holdBack(_ progress: Progress) {
        var start = 0
        for run in outbox.runs {
            let bytes = UnsafeRawBufferPointer(rebasing: outbox.bytes.bytes[start..<start + run.length])
            start += run.length
            let id = ConnectionID(rawValue: run.connection)
            guard let connection = table[id] else { continue }
            let isFirst = connection.unreleasedRuns == 0
            let release = isFirst ? mayLeave.release(of: run) : mayLeave
            if isFirst, release.isDue(progress) {
                write(bytes, to: connection, closes: run.closes)
            } else {
                connection.unreleasedRuns += 1
                unreleased.add(bytes, to: id, closes: run.closes, release)
            }
        }
        outbox.removeAll()
    }

    /// Writes what has waited long enough.
    func release() {
        guard !unreleased.isEmpty, let journal = group.journal else { return }
        let progress = Progress(journal)
        if case .failed = journal.condition {
            breakPromises(progress)
        } else {
            let due = unreleased.due(progress)
            unreleased.forEach(in: due) { run, _ in table[run.connection]?.runsLeft += 1 }
            unreleased.forEach(in: due) { run, bytes in write(run, bytes) }
            unreleased.remove(due)
        }
        if unreleased.isEmpty { group.letGo(index) }
    }

    private func write(_ run: UnreleasedOutput.Run, _ bytes: UnsafeRawBufferPointer) {
        guard let connection = table[run.connection] else { return }
        connection.unreleasedRuns -= 1
        connection.runsLeft -= 1
        write(bytes, to: connection, closes: run.closes)
    }

    /// After a failure of the journal: what has become durable leaves as it is, the rest as failures.
    private func breakPromises(_ progress: Progress) {
        unreleased.forEachHeld { run, _ in table[run.connection]?.runsLeft += 1 }
        unreleased.forEachHeld { run, bytes in
            guard run.release.durable > progress.durable else { return write(run, bytes) }
            let said = BrokenPromise.replace(bytes)
            // What is not said is not owed any more either.
            if said.count < bytes.count, let connection = table[run.connection] {
                noteWritten(bytes.count - said.count, to: connection)
            }
            write(run, said.bytes)
        }
        unreleased.removeAll()
    }

    private func write(_ outbox: inout Outbox) {
        for run in outbox.runs { table[ConnectionID(rawValue: run.connection)]?.runsLeft += 1 }
        var start = 0
        for run in outbox.runs {
            let bytes = UnsafeRawBufferPointer(rebasing: outbox.bytes.bytes[start..<start + run.length])
            start += run.length
            guard let connection = table[ConnectionID(rawValue: run.connection)] else { continue }
            connection.runsLeft -= 1
            write(bytes, to: connection, closes: run.closes)
        }
        outbox.removeAll()
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to connection: Connection, closes: Bool) {
        guard connection.phase == .open || connection.phase == .finishing else { return }
        if closes {
            connection.phase = .closing
            forget(connection)
        }
        let isLast = connection.runsLeft == 0 || closes
        guard isLast, !connection.isBlocked, connection.pending.isEmpty else {
            connection.pending.append(bytes)
            if isLast, !connection.isBlocked { flush(connection) }
            return
        }
        let written = send(bytes, to: connection)
        guard connection.phase != .gone else { return }
        if written < bytes.count {
            connection.pending.append(UnsafeRawBufferPointer(rebasing: bytes[written...]))
            block(connection)
        } else {
            unblock(connection)
        }
    }

    /// Writes what is pending, as far as the kernel takes it.
    func flush(_ connection: Connection) {
        guard !connection.pending.isEmpty else { return unblock(connection) }
        let written = send(connection.pending.bytes, to: connection)
        guard connection.phase != .gone else { return }
        connection.pending.removeFirst(written)
        if !connection.pending.isEmpty {
            // A deadline runs from the last byte that the peer has made room for.
            if written > 0 || !connection.isBlocked { block(connection) }
        } else {
            unblock(connection)
        }
    }

    /// Bytes that the kernel took; the connection is lost if it takes no more ever.
    private func send(_ bytes: UnsafeRawBufferPointer, to connection: Connection) -> Int {
        guard !bytes.isEmpty else { return 0 }
        switch SystemCall.send(connection.descriptor, bytes) {
        case .moved(let count):
            noteWritten(count, to: connection)
            return count
        case .wouldBlock: return 0
        case .lost, .ended:
            lose(connection)
            return 0
        }
    }

    private func noteWritten(_ count: Int, to connection: Connection) {
        if connection.unreported == 0, count > 0 { agenda.written.append(connection) }
        connection.unreported += count
        // The core stops delivering to a peer that owes much. Small amounts can wait for the next turn to be reported,
        // amounts near that limit cannot: there may be no next turn without it.
        if connection.isHeld || connection.unreported >= min(64 << 10, state.limits.maxOutput / 4) {
            agenda.isReportDue = true
        }
    }

    private func block(_ connection: Connection) {
        watchWritable(connection, true)
        setDeadline(connection, .slow, after: state.limits.slowPeerTimeout)
    }

    /// Everything is written.
    private func unblock(_ connection: Connection) {
        if connection.isBlocked {
            watchWritable(connection, false)
            deadlines.clear(connection.id.slot)
        }
        if connection.phase == .closing { bidFarewell(connection) }
    }
}
