import MartletProtocol

@testable import MartletBroker

/// The broker without sockets, for tests: lines go in, lines come out, and time passes when a test says so.
///
///     let engine = Engine()
///     let producer = engine.connect()
///     producer.send(#"{"op":"send","queue":"jobs","body":1}"#)      // → {"ok":true,"id":1}
final class Engine {
    let broker: Broker
    private let batch = RequestBatch()
    private var outbox = Outbox()
    private var peers: [UInt64: Peer] = [:]
    private var lastConnection: UInt64 = 0
    private(set) var now = Now(wall: 1_700_000_000_000, monotonic: 1_000)
    /// What the broker records, if anything.
    let journal: ScriptedJournal?

    /// - Parameter journal: takes what is recorded.
    init(_ settings: BrokerSettings = BrokerSettings(), journal: ScriptedJournal? = nil) {
        broker = Broker(settings: settings, loops: 1, incarnation: 7, now: now)
        self.journal = journal
        journal?.begin(broker)
    }

    /// With a broker that has lived before, and that somebody else records.
    init(_ broker: Broker, now: Now) {
        self.broker = broker
        self.now = now
        journal = nil
    }

    /// One connection to the engine.
    final class Peer {
        fileprivate unowned let engine: Engine
        let session: SessionID
        let connection: UInt64
        fileprivate(set) var lines: [String] = []
        fileprivate(set) var isClosed = false
        /// Whether what the broker says is taken off its hands.
        var isReading = true
        fileprivate var unread = 0

        fileprivate init(_ engine: Engine, _ session: SessionID, _ connection: UInt64) {
            self.engine = engine
            self.session = session
            self.connection = connection
        }

        /// Sends one line and returns what has come back to this connection since the last look, joined by LF.
        @discardableResult func send(_ line: String) -> String {
            engine.handle(line, from: self)
            return take()
        }

        /// What has come since the last look.
        func take() -> String { takeLines().joined(separator: "\n") }

        func takeLines() -> [String] {
            defer { lines = [] }
            return lines
        }

        func close() { engine.close(self) }
    }

    func connect() -> Peer {
        lastConnection += 1
        let session = broker.openSession(loop: 0, connection: lastConnection, now: now)
        let peer = Peer(self, session, lastConnection)
        peers[lastConnection] = peer
        return peer
    }

    /// Lets time pass; all deadlines up to then are met one by one, as they would be.
    func pass(_ milliseconds: Int) {
        let end = now.monotonic + milliseconds
        while let next = broker.nextDeadline, next <= end {
            step(to: max(next, now.monotonic))
            broker.advance(to: now)
            collect()
        }
        step(to: end)
        broker.advance(to: now)
        collect()
    }

    private func step(to monotonic: Int) {
        now.wall += monotonic - now.monotonic
        now.monotonic = monotonic
    }

    /// Hands one line to the broker as if it had come from this connection.
    func handle(_ line: String, from peer: Peer) { handle(Array(line.utf8), from: peer) }

    func handle(_ line: [UInt8], from peer: Peer) {
        line.withUnsafeBytes { bytes in
            batch.removeAll()
            batch.parse(bytes, limits: broker.settings.limits)
            handleBatch(from: peer)
        }
    }

    /// Hands several lines to the broker in one turn: jobs make no progress between them.
    func handleAtOnce(_ lines: [String], from peer: Peer) {
        broker.advance(to: now)
        for line in lines {
            Array(line.utf8).withUnsafeBytes { bytes in
                batch.removeAll()
                batch.parse(bytes, limits: broker.settings.limits)
                broker.handle(batch, 0, from: peer.session, now: now)
            }
        }
        collect()
    }

    /// Answers a line that is not kept, such as one that is too long.
    func refuse(tooLong beginning: [UInt8], from peer: Peer) {
        batch.removeAll()
        beginning.withUnsafeBytes { batch.refuse(tooLong: $0, limits: broker.settings.limits) }
        handleBatch(from: peer)
    }

    private func handleBatch(from peer: Peer) {
        broker.advance(to: now)
        broker.handle(batch, 0, from: peer.session, now: now)
        collect()
    }

    /// What the core's audit finds; nil if all is well.
    var firstBrokenInvariant: String? { broker.firstBrokenInvariant }

    /// The peer sends its last byte, and may go on reading.
    func finish(_ peer: Peer) {
        broker.finish(peer.session, now: now)
        collect()
    }

    private func close(_ peer: Peer) {
        broker.closeSession(peer.session, now: now)
        peers[peer.connection] = nil
        collect()
    }

    private func collect() {
        // What is handed over in several goes: the turns that follow, without anything in between.
        while !broker.unserved.isEmpty, broker.hasRoom { broker.dispatchUnserved() }
        journal?.take(from: broker)
        broker.swapOutbox(ofLoop: 0, with: &outbox)
        var offset = 0
        for run in outbox.runs {
            let bytes = outbox.bytes.bytes[offset..<offset + run.length]
            offset += run.length
            guard let peer = peers[run.connection] else { continue }
            peer.lines += String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            peer.isClosed = peer.isClosed || run.closes
            peer.unread += run.length
        }
        outbox.removeAll()
        read()
    }

    /// Peers that read take all that they were sent; being free again, they may be sent more.
    private func read() {
        for peer in peers.values.sorted(by: { $0.connection < $1.connection }) where peer.isReading && peer.unread > 0 {
            let count = peer.unread
            peer.unread = 0
            broker.wrote(count, to: peer.session, now: now)
        }
        if broker.loopsWithOutput != 0 { collect() }
    }

    /// The broker begins to shut down.
    func drain() {
        broker.beginDraining(now: now)
        collect()
    }
}
