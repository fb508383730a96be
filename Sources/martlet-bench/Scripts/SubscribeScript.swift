/// Takes messages as the server pushes them and deletes each. Where a server cannot push, it keeps as many waiting
/// receives in flight as it has credit.
final class SubscribeScript: Script {
    private let tally: Tally
    private let flow: Flow
    private let credit: Int

    init(_ tally: Tally, flow: Flow, credit: Int) {
        self.tally = tally
        self.flow = flow
        self.credit = credit
    }

    func begin(_ connection: Connection, now: Nanoseconds) {
        if connection.phrases.pushes { return }
        for _ in 0..<credit { connection.output.append(connection.phrases.receives[0]) }
    }

    func take(_ reply: Reply, _ bytes: UnsafeRawBufferPointer, _ connection: Connection, now: Nanoseconds) {
        switch reply.kind {
        case .delivered:
            let handles = connection.handles
            if let sent = Stamp.find(in: bytes), sent <= now {
                tally.record(messages: handles.count, latency: now - sent)
            }
            flow.delivered(handles.count)
            connection.phrases.deletes[0].write(handles, 0..<handles.count, to: connection.output)
            handles.removeAll()
        case .empty:
            tally.countEmpty()
        default:
            return
        }
        if !connection.phrases.pushes { connection.output.append(connection.phrases.receives[0]) }
    }

    func pause(_ connection: Connection, now: Nanoseconds) {}

    func wake(_ connection: Connection, now: Nanoseconds) {}
}
