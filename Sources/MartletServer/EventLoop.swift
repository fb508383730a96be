import MartletBroker
import MartletProtocol

/// What serves many connections, turn after turn.
///
/// A turn waits for events, reads every readable socket once, parses all complete lines, enters the core once with all
/// of them, and writes what the core has to say, to each connection at once:
///
///     wait ─► events ─► Intake: bytes ─► batch ─► core ─► outbox ─► sockets
///
/// Costs that grow with the number of requests are the core's and the parser's alone; system calls, the lock and the
/// clock are per turn or per connection. With nothing to do the loop makes no system call.
///
/// Loop 0 is also the door (`Acceptor`) and the timekeeper: it wakes for the core's deadlines. Which thread runs a loop
/// is not the loop's concern (`WorkerPool`).
// Unchecked: built by the server, from then on touched by one worker at a time, which hands it on (see `WorkerPool`).
final class EventLoop: @unchecked Sendable {
    let index: Int
    let core: Core
    let group: LoopGroup
    let epoll: Epoll
    var acceptor: Acceptor
    var table = ConnectionTable()
    var deadlines = Deadlines()
    var agenda = Agenda()
    var intake = Intake()
    var outbox = Outbox()
    var unreleased = UnreleasedOutput()
    /// What the output of this turn must wait for.
    var mayLeave = Release.now
    var state: State

    /// What a turn goes by.
    struct State {
        var now: Now
        var limits: Limits
        /// When the core wants to be entered for time's sake; only loop 0 heeds it.
        var alarm = Int.max
        var isDraining = false
        var isStopped = false
    }

    init(index: Int, core: Core, group: LoopGroup, limits: Limits) throws(SystemError) {
        self.index = index
        self.core = core
        self.group = group
        epoll = try Epoll()
        acceptor = Acceptor(group: group)
        state = State(now: Clock.now(), limits: limits)
        try epoll.add(
            group.mailboxes[index].wakeup.descriptor,
            [.readable, .edgeTriggered],
            data: EventSource.wakeup.rawValue
        )
    }

    /// The part of it that other threads may touch.
    var mailbox: Mailbox { group.mailboxes[index] }

    /// It was drained or stopped, and the last connection is closed.
    var isDone: Bool {
        (state.isStopped || state.isDraining && unreleased.isEmpty) && table.isEmpty && agenda.maySleep
    }

    /// The monotonic millisecond at which something is to be done without an event: 0 for at once, `Int.max` for never.
    var dueAt: Int {
        guard agenda.maySleep, !mailbox.wakeup.isMarked else { return 0 }
        return min(deadlines.earliest ?? .max, state.alarm, acceptor.resumesAt ?? .max)
    }

    /// Waits for events, at most `milliseconds` (-1: for ever), and deals with them and with what is due.
    func turn(waiting milliseconds: Int32) {
        let count = epoll.wait(milliseconds: milliseconds)
        state.now = Clock.now()
        for order in mailbox.collect() { obey(order) }
        for place in 0..<count { note(epoll[place]) }
        endPatience()
        read()
        exchange()
        write()
        // Last, so that the journal is busy with what has just been read while these replies are sent.
        release()
        mailbox.turns.add(1, ordering: .relaxed)
    }

    private func obey(_ order: Order) {
        switch order {
        case .serve(let descriptor): serve(descriptor)
        case .drain: drain()
        case .stop: stop()
        }
    }

    private func note(_ event: Epoll.Event) {
        switch EventSource(rawValue: event.data) {
        case .wakeup: break
        case .listener(let listener):
            acceptor.accept(listener, limits: state.limits, now: state.now.monotonic, epoll: epoll, serve: serve)
        case .connection(let id):
            if let connection = table[id] { note(event.events, of: connection) }
        }
    }

    private func note(_ events: EpollEvents, of connection: Connection) {
        if events.contains(.failed) { return lose(connection) }
        if events.contains(.peerEnded) {
            connection.peerEnded = true
            if connection.hold == .owing { agenda.deserted.append(connection) }
        }
        if events.contains(.hungUp) {
            connection.hungUp = true
            // Who is held, or only waits for replies, will not be read again: there is nobody to reply to.
            if !connection.mayRead, connection.hold != .late { return lose(connection) }
        }
        if events.contains(.writable) { flush(connection) }
        if !events.isDisjoint(with: [.readable, .peerEnded, .hungUp]) { agenda.read(connection) }
    }
}
