import Dispatch
package import MartletBroker
package import MartletJournal
import Synchronization

/// The broker on its sockets: event loops, run by as many threads as are of use, in front of one core.
///
///     let server = try Server(broker: broker, loops: 1) { event in log.warning("\(event)") }
///     try server.start(listeners: Listener.open(.internet(host: "127.0.0.1", port: 6278)))
///     …
///     server.drain(milliseconds: 10_000)
///
/// It lives as long as the process or a test: started once, drained once.
package final class Server: Sendable {
    private let core: Core
    private let group: LoopGroup
    private let pool: WorkerPool
    private let threads = Mutex<[LoopThread]>([])
    private let running = DispatchGroup()

    /// - Parameters:
    ///   - broker: from now on reached through the server only, with `enter`.
    ///   - loops: the number that the broker was made for, at most 64.
    ///   - spread: over how many threads the loops are spread.
    ///   - journal: takes what the broker records, if it does; closed when the server has gone down.
    ///   - bell: rung when the journal has come further.
    ///   - report: is told what an administrator may want to know; called on any loop.
    package init(
        broker: sending Broker,
        loops: Int,
        spread: Spread = .asNeeded,
        journal: (any Journal)? = nil,
        bell: JournalBell = JournalBell(),
        report: @escaping @Sendable (ServerEvent) -> Void
    ) throws(SystemError) {
        precondition((1...64).contains(loops), "the core has a bit for each loop in a word")
        let limits = broker.settings.limits
        let core = Core(broker, journal)
        let group = try LoopGroup(loops: loops, journal: journal, report: report)
        var eventLoops: [EventLoop] = []
        for index in 0..<loops {
            eventLoops.append(try EventLoop(index: index, core: core, group: group, limits: limits))
        }
        self.core = core
        self.group = group
        pool = WorkerPool(eventLoops, spread)
        bell.listen { group.journalAdvanced() }
    }

    /// Starts the loops. Connections that wait at the listeners, among them inherited ones, are let in from now on.
    package func start(listeners: [Listener]) throws(SystemError) {
        try pool.loops[0].listen(to: listeners)
        for index in pool.loops.indices { try startWorker(index) }
    }

    private func startWorker(_ index: Int) throws(SystemError) {
        running.enter()
        do throws(SystemError) {
            let thread = try LoopThread(name: "martlet-io-\(index)") { [running, pool] in
                var worker = Worker(index: index, pool: pool)
                worker.run()
                running.leave()
            }
            threads.withLock { $0.append(thread) }
        } catch {
            running.leave()
            throw error
        }
    }

    /// Goes by another spread from now on: for tests, which cannot wait until a machine has processors free.
    func follow(_ spread: Spread) { pool.follow(spread) }

    /// Does something with the broker between two turns: for configuration, not for the hot path. All loops take a turn
    /// afterwards, so that output, deadlines and limits that come of it are heeded.
    package func enter<Result>(_ body: (Broker) throws -> Result) rethrows -> Result {
        defer { group.wake(.max) }
        return try core.enter(body)
    }

    /// Does something with the broker after `drain`: nothing is recorded any more.
    package func enterEnded<Result>(_ body: (Broker) throws -> Result) rethrows -> Result { try core.enterEnded(body) }

    /// Serves a connected stream socket as if it had come in at a listener. It must not block.
    package func serve(descriptor: Int32) {
        _ = group.admit(maximum: .max)
        group.mailboxes[group.assignLoop()].leave(.serve(descriptor: descriptor))
    }

    /// Goes down: lets nobody in, answers what has arrived, closes every connection, and returns when all threads have
    /// ended. Connections that are not done by then are cut off after `milliseconds`.
    package func drain(milliseconds: Int) {
        enter { $0.beginDraining(now: Clock.now()) }
        // The loop that accepts tells the others.
        group.mailboxes[0].leave(.drain)
        if running.wait(timeout: .now() + .milliseconds(milliseconds)) == .timedOut {
            cutOff()
        }
        for thread in threads.withLock({ $0 }) { thread.join() }
        group.journal?.close()
    }

    /// Cuts off the connections that a drain still waits for. May be called before `drain` and more than once.
    package func cutOff() { for mailbox in group.mailboxes { mailbox.leave(.stop) } }
}

// MARK: Health

extension Server {
    /// How far each loop has come.
    package struct Pulse: Equatable, Sendable {
        /// The turns that each loop has taken so far.
        let turns: [UInt64]

        /// The loops that have not taken a turn between an earlier pulse and this one.
        package func stuckLoops(since earlier: Pulse) -> [Int] {
            turns.indices.filter { turns[$0] == earlier.turns[$0] }
        }
    }

    /// Reads the pulse and rouses every loop to a turn through the core: one that is still at the same count in the
    /// next pulse, seconds later, is stuck, or the core is. Costs one system call a loop.
    package func pulse() -> Pulse {
        let pulse = Pulse(turns: group.mailboxes.map { $0.turns.load(ordering: .relaxed) })
        group.wake(.max)
        return pulse
    }
}
