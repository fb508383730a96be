import Glibc
import MartletBroker
import MartletProtocol
import MartletServer
import Synchronization
import Testing

/// A server on the real core, without a port unless a test asks for one; drained when the test is over.
final class RunningServer: Sendable {
    let server: Server
    private let recorder: Recorder
    private let isDrained = Atomic(false)
    private let listener = Mutex<SocketAddress?>(nil)

    private final class Recorder: Sendable {
        let events = Mutex<[ServerEvent]>([])
    }

    init(
        loops: Int = 1,
        journal: FailingJournal? = nil,
        _ configure: (inout BrokerSettings) -> Void = { _ in }
    ) throws {
        var settings = BrokerSettings()
        configure(&settings)
        let recorder = Recorder()
        let broker = Broker(settings: settings, loops: loops, incarnation: 1, now: Clock.now())
        if let journal { broker.beginRecording(in: journal.segment, segmentSize: 1 << 20) }
        server = try Server(
            broker: broker,
            loops: loops,
            // Each on a thread of its own, however busy the machine is.
            spread: .over(loops),
            journal: journal,
            bell: journal?.bell ?? JournalBell()
        ) { event in recorder.events.withLock { $0.append(event) } }
        self.recorder = recorder
    }

    deinit { drain() }

    /// Starts it without a listener: peers are connected by socket pairs.
    static func started(
        loops: Int = 1,
        journal: FailingJournal? = nil,
        _ configure: (inout BrokerSettings) -> Void = { _ in }
    ) throws -> RunningServer {
        let running = try RunningServer(loops: loops, journal: journal, configure)
        try running.server.start(listeners: [])
        return running
    }

    /// Starts it listening on a free port of the loopback interface.
    static func listening(
        loops: Int = 1,
        _ configure: (inout BrokerSettings) -> Void = { _ in }
    ) throws -> RunningServer {
        let running = try RunningServer(loops: loops, configure)
        let listeners = try Listener.open(.internet(host: "127.0.0.1", port: 0))
        running.listener.withLock { $0 = listeners[0].address }
        try running.server.start(listeners: listeners)
        return running
    }

    /// Where it listens, if it does.
    var address: SocketAddress { get throws { try #require(listener.withLock { $0 }) } }

    var events: [ServerEvent] { recorder.events.withLock { $0 } }

    func drain(milliseconds: Int = 10_000) {
        guard !isDrained.exchange(true, ordering: .relaxed) else { return }
        server.drain(milliseconds: milliseconds)
    }

    func connect() throws -> Peer {
        var pair: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        _ = fcntl(pair[1], F_SETFL, O_NONBLOCK)
        server.serve(descriptor: pair[1])
        return Peer(descriptor: pair[0], of: self)
    }

    /// Connects through the listener.
    func dial() throws -> Peer { try Peer(connectedTo: address, of: self) }
}

/// Waits until something is so, giving way to other threads meanwhile.
func eventually(_ what: String, _ condition: () throws -> Bool) throws {
    let end = Clock.now().monotonic + Int(Peer.patience)
    while try !condition() {
        try #require(Clock.now().monotonic < end, "in vain waited until \(what)")
        sched_yield()
    }
}
