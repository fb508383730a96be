/// Receives and deletes until a whole round of receives has brought nothing.
final class DrainScript: Script {
    private let tally: Tally
    private let depth: Int
    private let batch: Int
    private var isDeleting = false
    private var isFinished = false
    private var expected = 0
    private var done = 0
    private var due: Nanoseconds = 0

    init(_ tally: Tally, depth: Int, batch: Int) {
        self.tally = tally
        self.depth = depth
        self.batch = batch
    }

    func begin(_ connection: Connection, now: Nanoseconds) {
        tally.working += 1
        receive(connection, now)
    }

    func take(_ reply: Reply, _ bytes: UnsafeRawBufferPointer, _ connection: Connection, now: Nanoseconds) {
        done += 1
        guard done == expected, !isFinished else { return }
        let handles = connection.handles
        tally.record(replies: done, latency: now &- due)
        if isDeleting {
            tally.record(messages: handles.count, latency: now &- due)
            receive(connection, now)
        } else if handles.count == 0 {
            isFinished = true
            tally.working -= 1
        } else {
            delete(connection)
        }
    }

    func pause(_ connection: Connection, now: Nanoseconds) {}

    func wake(_ connection: Connection, now: Nanoseconds) {}

    private func receive(_ connection: Connection, _ now: Nanoseconds) {
        connection.handles.removeAll()
        isDeleting = false
        due = now
        done = 0
        expected = depth
        for _ in 0..<depth { connection.output.append(connection.phrases.receives[0]) }
    }

    private func delete(_ connection: Connection) {
        let handles = connection.handles
        let requests = (handles.count + batch - 1) / batch
        isDeleting = true
        done = 0
        expected = requests * connection.phrases.repliesPerDelete
        for request in 0..<requests {
            let range = request * batch..<min(handles.count, (request + 1) * batch)
            connection.phrases.deletes[0].write(handles, range, to: connection.output)
        }
    }
}
