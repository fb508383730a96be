import ArgumentParser
import Foundation

/// A total-queue check: drives the real daemon, ends it again and again under load, and compares what it has
/// acknowledged with what is there.
@main
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet-audit",
        abstract: "Kills martletd under load and looks for what was lost.",
        discussion: "Exit codes: 0 nothing is wrong, 1 something is; what, stands on standard output."
    )

    enum Mode: String, ExpressibleByArgument, CaseIterable { case disk, interval, memory, power }

    @Option(help: "The daemon to start.")
    var martletd: String
    @Option(
        help: """
            disk, interval (disk, synced every 0.1 s), memory (with a stand-in for systemd's store) or power (disk; a \
            power cut instead of each kill, and kills besides).
            """
    )
    var mode = Mode.disk
    @Option(help: "How often the daemon is killed with SIGKILL.")
    var kills = 10
    @Option(help: "How often it is ended with SIGTERM.")
    var stops = 1
    @Option(help: "Under memory: how often it is ended with SIGTERM, after which its descriptors are dropped.")
    var drops = 0
    @Flag(help: "Under power: the disk says that it has synced and has not, which is to be found out.")
    var lyingDisk = false
    @Option(help: "Milliseconds, at most, between a start and the next end.")
    var span = 500
    @Option(help: "Producers, and as many consumers.")
    var pairs = 4
    @Option(help: "Messages that may be there at once.")
    var ceiling = 5_000
    @Option(help: "Bytes of a segment.")
    var segment = 262_144
    @Option(help: "The seed of what is done; the instants of the kills differ all the same.")
    var seed = UInt64.random(in: 1...1_000_000)

    private static let grace = 5

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/martlet-audit-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let book = Book()
        do {
            try audit(book, in: folder)
        } catch {
            book.find("\(error)")
        }
        let isWrong = tell(book)
        if isWrong {
            print("what there is to look at: \(folder); seed \(seed)")
            throw ExitCode(1)
        }
        try FileManager.default.removeItem(atPath: folder)
    }

    private func audit(_ book: Book, in folder: String) throws {
        let power = mode == .power ? try PowerSupply(folder: folder, seed: seed, lies: lyingDisk) : nil
        let daemon = try makeDaemon(in: folder, power)
        try daemon.start()
        defer { daemon.end(SIGKILL) }
        let session = try daemon.waitUntilReady()
        for queue in AuditQueue.allCases { _ = try session.ask(queue.declaration) }
        let crew = Crew(socket: daemon.socket)
        for number in 0..<pairs {
            let (seed, ceiling, leasesOutlive) = (seed, ceiling, power == nil)
            crew.employ { Producer(book, number: number, seed: seed, ceiling: ceiling) }
            crew.employ {
                // A lease is told before it is durable.
                Consumer(book, number: number, seed: seed, grace: Self.grace * 1_000, leasesOutlive: leasesOutlive)
            }
        }
        defer { crew.dismiss() }
        let cuts = power.map { PowerCuts(daemon: daemon, power: $0, book: book, span: span) }
        if let cuts { try cuts.run(kills, seed) } else { try endAgainAndAgain(daemon, book) }
        crew.dismiss()
        try drain(daemon, book, cuts)
    }

    private func makeDaemon(in folder: String, _ power: PowerSupply?) throws -> DaemonUnderTest {
        let settings = """
            {listen: [], unix: ["\(folder)/socket"],
             data_dir: "\(power?.root ?? folder)/data", segment_size: \(segment),
             durability: "\(mode == .memory ? "memory" : "disk")", lease_grace: \(Self.grace),
             sync: \(mode == .interval ? "{every: 0.1}" : "\"always\"")}
            """
        try settings.write(toFile: folder + "/martletd.json5", atomically: true, encoding: .utf8)
        let store = mode == .memory ? DescriptorStore(path: folder + "/notify") : nil
        store?.start()
        let arguments = ["--config", folder + "/martletd.json5"]
        let daemon = DaemonUnderTest(program: martletd, folder: folder, arguments: arguments, store: store)
        daemon.environment = power?.environment(lastCall: 0) ?? []
        return daemon
    }

    private enum End { case kill, stop, drop }

    private func endAgainAndAgain(_ daemon: DaemonUnderTest, _ book: Book) throws {
        var random = SeededGenerator(seed: seed)
        var ends = Array(repeating: End.kill, count: kills) + Array(repeating: .stop, count: stops)
        ends += Array(repeating: .drop, count: drops)
        for end in ends.shuffled(using: &random) {
            // Often right after the start, when it recovers and everybody comes back.
            // The instant of an end is what the audit tries out.
            usleep(UInt32(random.chance(25) ? Int.random(in: 0...30, using: &random) : span.random(&random)) * 1_000)
            if end != .kill {
                // Before it has got so far, SIGTERM ends it as it ends any program.
                _ = try daemon.waitUntilReady()
                book.noteOrderlyEnd()
            }
            let status = daemon.end(end == .kill ? SIGKILL : SIGTERM)
            if end != .kill { book.noteOrderlyEnd() }
            if end != .kill, status != 0 {
                book.find("the daemon was told to stop and ended with \(status): \(daemon.tail)")
            }
            if end == .drop { daemon.store?.drop() }
            book.count("\(end)s")
            try daemon.start()
            if end == .drop, random.chance(70) { try killReader(daemon, book, &random) }
            if !random.chance(15) || end == .drop { _ = try daemon.waitUntilReady() }
        }
        _ = try daemon.waitUntilReady()
    }

    /// Kills a daemon that may be reading the dump.
    private func killReader(_ daemon: DaemonUnderTest, _ book: Book, _ random: inout SeededGenerator) throws {
        // Starting takes some milliseconds, reading the dump some more.
        usleep(UInt32(80.random(&random)) * 1_000)
        daemon.end(SIGKILL)
        book.count("kills after a drop")
        try daemon.start()
    }

    private func drain(_ daemon: DaemonUnderTest, _ book: Book, _ cuts: PowerCuts?) throws {
        try Drain(book: book, session: daemon.waitUntilReady()).run()
        daemon.end(SIGKILL)
        try cuts?.cut()
        try daemon.start()
        let session = try daemon.waitUntilReady()
        for queue in AuditQueue.allCases {
            let answer = try session.ask(queue.declaration)
            if !answer.contains("\"created\":false") { book.find("the queue \(queue) was lost: \(answer)") }
            let rest = try session.ask("{\"op\":\"stats\",\"queue\":\"\(queue)\"}")
            for state in ["ready", "delayed", "leased", "dead"] where Answer.number(state, rest[...]) != 0 {
                book.find("there is something again in the empty \(queue): \(rest)")
            }
        }
        for line in daemon.complaints { book.find("the log says: \(line)") }
        book.state.withLock { $0.judge() }
    }

    /// True if something is wrong.
    private func tell(_ book: Book) -> Bool {
        book.state.withLock { state in
            print("martlet-audit, mode \(mode), seed \(seed):")
            for (what, count) in state.counts.sorted(by: { $0.key < $1.key }) { print("  \(count) \(what)") }
            for finding in state.findings { print("WRONG: \(finding)") }
            print(
                state.findings.isEmpty
                    ? "nothing acknowledged was lost, nothing came back" : "\(state.findings.count) findings"
            )
            return !state.findings.isEmpty
        }
    }
}

extension Int {
    /// A number up to this one.
    fileprivate func random(_ random: inout SeededGenerator) -> Int { Int.random(in: 0...self, using: &random) }
}
