import ArgumentParser
import Foundation

/// A total-queue check: drives the real daemon, ends it again and again under load, and compares what it has
/// acknowledged with what is there.
@main
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet-audit",
        abstract: "Kills martletd under load and looks for what was lost.",
        usage: """
            martlet-audit --martletd PROGRAM [OPTION]...
            martlet-audit --service NAME --socket PATH --mode disk|interval|memory [OPTION]...
            """,
        discussion: """
            The daemon is a process that it starts, or a service that systemd starts: this one has been configured, \
            with the durability of --mode and a lease_grace of \(grace), is empty, and comes back after a kill.

            Exit codes: 0 nothing is wrong, 1 something is; what, stands on standard output.
            """
    )

    enum Mode: String, ExpressibleByArgument, CaseIterable { case disk, interval, memory, power }

    @Option(help: "The daemon to start.")
    var martletd: String?
    @Option(help: "The service to kill the main process of.")
    var service: String?
    @Option(help: "The Unix socket at which the service listens.")
    var socket: String?
    @Option(
        help: """
            disk, interval (disk, synced every 0.1 s), memory (with a stand-in for systemd's store, or with a \
            service's real one) or power (disk; a power cut instead of each kill, and kills besides).
            """
    )
    var mode = Mode.disk
    @Option(help: "How often the daemon is killed with SIGKILL.")
    var kills = 10
    @Option(help: "How often it is ended with SIGTERM; a service is restarted.")
    var stops = 1
    @Option(
        help: """
            Under memory: how often it is ended with SIGTERM, after which its descriptors are dropped; a service is \
            stopped, and started.
            """
    )
    var drops = 0
    @Flag(help: "Under power: the disk says that it has synced and has not, which is to be found out.")
    var lyingDisk = false
    @Option(help: "Milliseconds, at most, between a start and the next end.")
    var span = 500
    @Option(help: "Producers, and as many consumers.")
    var pairs = 4
    @Option(help: "Messages that may be there at once.")
    var ceiling = 5_000
    @Option(help: "Bytes of a segment; 262144 if it is not said.")
    var segment: Int?
    @Option(help: "The seed of what is done; the instants of the kills differ all the same.")
    var seed = UInt64.random(in: 1...1_000_000)

    private static let grace = 5

    func validate() throws {
        guard service != nil else {
            if socket != nil { throw ValidationError("--socket is a service's: what --martletd starts has its own.") }
            if martletd == nil { throw Self.noDaemon }
            return
        }
        if martletd != nil { throw ValidationError("--martletd and --service exclude each other.") }
        if socket == nil { throw ValidationError("--service needs --socket, where it listens.") }
        if mode == .power { throw ValidationError("--mode power needs --martletd: a service's disk is not ours.") }
        if segment != nil { throw ValidationError("--segment needs --martletd: a service has its configuration.") }
    }

    private static let noDaemon = ValidationError("Say which daemon: --martletd, or --service and --socket.")

    func run() throws {
        let book = Book()
        let (daemon, cuts) = try makeDaemon(book)
        do {
            try audit(daemon, book, cuts)
        } catch {
            book.find("\(error)")
        }
        let isWrong = tell(book)
        if isWrong {
            print("what there is to look at: \(daemon.traces); seed \(seed)")
            throw ExitCode(1)
        }
        try daemon.removeTraces()
    }

    private func audit(_ daemon: any DaemonUnderTest, _ book: Book, _ cuts: PowerCuts?) throws {
        try daemon.start()
        defer { daemon.leave() }
        let session = try daemon.waitUntilReady()
        let hello = try session.ask("{\"op\":\"hello\"}")
        guard hello.contains("\"durability\":\"\(durability)\"") else {
            throw DaemonFailure(description: "the daemon is not for \(durability): \(hello)")
        }
        for queue in AuditQueue.allCases { _ = try session.ask(queue.declaration) }
        let crew = Crew(socket: daemon.socket)
        for number in 0..<pairs {
            let (seed, ceiling, leasesOutlive) = (seed, ceiling, cuts == nil)
            crew.employ { Producer(book, number: number, seed: seed, ceiling: ceiling) }
            crew.employ {
                // A lease is told before it is durable.
                Consumer(book, number: number, seed: seed, grace: Self.grace * 1_000, leasesOutlive: leasesOutlive)
            }
        }
        defer { crew.dismiss() }
        if let cuts {
            try cuts.run(kills, seed)
        } else {
            try Ends(daemon: daemon, book: book, span: span).run(kills: kills, stops: stops, drops: drops, seed: seed)
        }
        crew.dismiss()
        try drain(daemon, book, cuts)
    }

    private var durability: String { mode == .memory ? "memory" : "disk" }

    private func makeDaemon(_ book: Book) throws -> (daemon: any DaemonUnderTest, cuts: PowerCuts?) {
        if let service, let socket { return (DaemonService(name: service, socket: socket), nil) }
        guard let martletd else { throw Self.noDaemon }
        let folder = FileManager.default.temporaryDirectory.path + "/martlet-audit-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let power = mode == .power ? try PowerSupply(folder: folder, seed: seed, lies: lyingDisk) : nil
        let daemon = try makeProcess(martletd, in: folder, power)
        return (daemon, power.map { PowerCuts(daemon: daemon, power: $0, book: book, span: span) })
    }

    private func makeProcess(_ program: String, in folder: String, _ power: PowerSupply?) throws -> DaemonProcess {
        let settings = """
            {listen: [], unix: ["\(folder)/socket"],
             data_dir: "\(power?.root ?? folder)/data", segment_size: \(segment ?? 262_144),
             durability: "\(durability)", lease_grace: \(Self.grace),
             sync: \(mode == .interval ? "{every: 0.1}" : "\"always\"")}
            """
        try settings.write(toFile: folder + "/martletd.json5", atomically: true, encoding: .utf8)
        let store = mode == .memory ? DescriptorStore(path: folder + "/notify") : nil
        store?.start()
        let arguments = ["--config", folder + "/martletd.json5"]
        let daemon = DaemonProcess(program: program, folder: folder, arguments: arguments, store: store)
        daemon.environment = power?.environment(lastCall: 0) ?? []
        return daemon
    }

    private func drain(_ daemon: any DaemonUnderTest, _ book: Book, _ cuts: PowerCuts?) throws {
        try Drain(book: book, session: daemon.waitUntilReady()).run()
        try daemon.kill()
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
