/// Sends, receives, deletes: `depth` requests of each, every phase confirmed before the next begins.
///
/// Closed loop: a round begins when the one before has ended. Open loop: when it is due, or else as soon as the one
/// before has ended, but measured from when it was due.
final class CycleScript: Script {
    private enum Phase {
        case idle, sending, receiving, deleting
    }

    private let tally: Tally
    private let schedule: Schedule?
    private let depth: Int
    private let batch: Int
    private let copies: Int
    /// Rounds left to do.
    private var rounds: Int
    private var turn = 0
    private var phase = Phase.idle
    private var expected = 0
    private var done = 0
    private var unrecorded = 0
    /// When the phase, and the round, were due.
    private var phaseDue: Nanoseconds = 0
    private var roundDue: Nanoseconds = 0

    /// - Parameters:
    ///   - copies: queues that each message goes to.
    ///   - rounds: after these the connection is silent.
    init(_ tally: Tally, schedule: Schedule?, depth: Int, batch: Int, copies: Int, rounds: Int = .max) {
        self.tally = tally
        self.schedule = schedule
        self.depth = depth
        self.batch = batch
        self.copies = copies
        self.rounds = rounds
    }

    func begin(_ connection: Connection, now: Nanoseconds) {
        tally.working += 1
        wake(connection, now: now)
    }

    func wake(_ connection: Connection, now: Nanoseconds) {
        guard phase == .idle, rounds > 0 else { return }
        roundDue = now
        if let schedule {
            let due = schedule.due(turn: turn, of: connection.place)
            if due > now { return }
            roundDue = due
        }
        turn += 1
        rounds -= 1
        connection.handles.removeAll()
        start(.sending, due: roundDue, replies: depth * connection.phrases.repliesPerSend)
        for index in 0..<depth {
            // Different for each message, as some peers find a message by its body.
            connection.output.append(
                connection.phrases.sends[0],
                stamp: roundDue &+ UInt64(connection.place << 12 + index)
            )
        }
    }

    func take(_ reply: Reply, _ bytes: UnsafeRawBufferPointer, _ connection: Connection, now: Nanoseconds) {
        if reply.kind == .empty { tally.countEmpty() }
        done += 1
        unrecorded += 1
        guard done == expected else { return }
        pause(connection, now: now)
        switch phase {
        case .idle: break
        case .sending: receive(connection, now)
        case .receiving: delete(connection, now)
        case .deleting: finish(connection, now)
        }
    }

    func pause(_ connection: Connection, now: Nanoseconds) {
        tally.record(replies: unrecorded, latency: now &- phaseDue)
        unrecorded = 0
    }

    private func start(_ next: Phase, due: Nanoseconds, replies: Int) {
        phase = next
        phaseDue = due
        expected = replies
        done = 0
    }

    private func receive(_ connection: Connection, _ now: Nanoseconds) {
        start(.receiving, due: now, replies: depth * copies)
        for copy in 0..<copies {
            for _ in 0..<depth { connection.output.append(connection.phrases.receives[copy]) }
        }
    }

    private func delete(_ connection: Connection, _ now: Nanoseconds) {
        let handles = connection.handles
        // A server that has taken messages away (an expired one, another round's) leaves fewer than were sent.
        let requests = (handles.count + batch - 1) / batch
        if requests == 0 { return finish(connection, now) }
        start(.deleting, due: now, replies: requests * connection.phrases.repliesPerDelete)
        for request in 0..<requests {
            let range = request * batch..<min(handles.count, (request + 1) * batch)
            let copy = request * copies / requests
            connection.phrases.deletes[copy].write(handles, range, to: connection.output)
        }
    }

    private func finish(_ connection: Connection, _ now: Nanoseconds) {
        tally.record(messages: connection.handles.count, latency: now &- roundDue)
        phase = .idle
        if rounds == 0 { tally.working -= 1 }
        wake(connection, now: now)
    }
}
