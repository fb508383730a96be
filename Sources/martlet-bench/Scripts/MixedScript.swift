/// Sends of many kinds, receives, and settling: every tenth message is released, the others are deleted.
///
/// What is delayed or held back by its group is not there yet when it is asked for, so a round may receive less than it
/// sent; when too much has gathered, rounds go on without sending.
final class MixedScript: Script {
    private enum Phase {
        case sending, receiving, settling
    }

    private let tally: Tally
    private let flow: Flow
    private let depth: Int
    private var phase = Phase.sending
    private var expected = 0
    private var done = 0
    private var due: Nanoseconds = 0
    private var sent = 0
    private var settled = 0
    private var deleting = 0

    init(_ tally: Tally, flow: Flow, depth: Int) {
        self.tally = tally
        self.flow = flow
        self.depth = depth
    }

    func begin(_ connection: Connection, now: Nanoseconds) { send(connection, now) }

    func take(_ reply: Reply, _ bytes: UnsafeRawBufferPointer, _ connection: Connection, now: Nanoseconds) {
        if reply.kind == .empty { tally.countEmpty() }
        done += 1
        guard done == expected else { return }
        tally.record(replies: done, latency: now &- due)
        switch phase {
        case .sending: receive(connection, now)
        case .receiving where connection.handles.count > 0: settle(connection, now)
        case .receiving: send(connection, now)
        case .settling:
            tally.record(messages: deleting, latency: now &- due)
            flow.delivered(deleting)
            send(connection, now)
        }
    }

    func pause(_ connection: Connection, now: Nanoseconds) {}

    func wake(_ connection: Connection, now: Nanoseconds) {}

    private func start(_ next: Phase, _ now: Nanoseconds, requests: Int) {
        phase = next
        due = now
        done = 0
        expected = requests
    }

    private func send(_ connection: Connection, _ now: Nanoseconds) {
        let count = flow.take(depth)
        if count <= 0 { return receive(connection, now) }
        start(.sending, now, requests: count)
        let sends = connection.phrases.sends
        for index in 0..<count {
            connection.output.append(sends[(sent + connection.place) % sends.count], stamp: now &+ UInt64(index))
            sent += 1
        }
    }

    private func receive(_ connection: Connection, _ now: Nanoseconds) {
        connection.handles.removeAll()
        start(.receiving, now, requests: depth)
        for _ in 0..<depth { connection.output.append(connection.phrases.receives[0]) }
    }

    private func settle(_ connection: Connection, _ now: Nanoseconds) {
        let handles = connection.handles
        start(.settling, now, requests: handles.count)
        deleting = 0
        for index in 0..<handles.count {
            settled += 1
            let releases = settled % 10 == 0
            if !releases { deleting += 1 }
            let template = releases ? connection.phrases.releases[0] : connection.phrases.deletes[0]
            template.write(handles, index..<index + 1, to: connection.output)
        }
    }
}
