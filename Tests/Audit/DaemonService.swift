import Foundation

/// A daemon that systemd starts, keeps descriptors for, and starts again by itself when it was killed.
final class DaemonService: DaemonUnderTest {
    let socket: String
    private let unit: String
    /// When the audit has begun, as journalctl takes it.
    private let begin = "@\(Date().timeIntervalSince1970)"
    /// The main process that was there last; 0 before there was one.
    private var process: pid_t = 0
    /// Milliseconds until something that systemd is to do counts as not done.
    private static let patience = 30_000

    init(name: String, socket: String) {
        unit = name.hasSuffix(".service") ? name : name + ".service"
        self.socket = socket
    }

    // MARK: Its life

    /// Waits until it has a main process that is another one than before: to start it is systemd's task.
    func start() throws {
        let last = process
        try wait("have a main process") {
            process = pid_t(try show("MainPID")) ?? 0
            return process != 0 && process != last
        }
    }

    func checkThatItRuns() throws {
        if Glibc.kill(process, 0) != 0 { throw DaemonFailure(description: "the daemon has ended by itself: \(tail)") }
    }

    func kill() throws {
        try checkThatItRuns()
        let killed = process
        Glibc.kill(killed, SIGKILL)
        try wait("end") { Glibc.kill(killed, 0) != 0 }
    }

    /// Stops it and has it started again in one: with a stop of its own, systemd drops what it keeps.
    func stop() throws { try Command("systemctl", "restart", unit).run() }

    func drop() throws {
        try Command("systemctl", "stop", unit).run()
        try Command("systemctl", "--no-block", "start", unit).run()
    }

    /// It stays as the audit has found it.
    func leave() {}

    private func show(_ property: String) throws -> String {
        try Command("systemctl", "show", "-P", property, unit).run().trimmingCharacters(in: .newlines)
    }

    private func wait(_ what: String, until isDone: () throws -> Bool) throws {
        let deadline = Instant.now + Self.patience
        while try !isDone() {
            guard Instant.now < deadline else { throw DaemonFailure(description: "\(unit) does not \(what): \(tail)") }
            // systemd's events are no simpler to wait for than to ask again.
            usleep(1_000)
        }
    }

    // MARK: Its log

    var complaints: [Substring] {
        let ofItself = "_SYSTEMD_UNIT=\(unit)"
        let said = log(ofItself).filter { $0.contains("Fatal") || $0.contains("left out") }
        // Of an end by SIGKILL systemd says so, and says nothing else of the unit that would be right.
        let ofSystemd = log("UNIT=\(unit)").filter { line in
            line.contains("Failed with result") && !line.contains("'signal'") || line.contains("Cannot store")
        }
        return Array((log(ofItself, "--priority=err") + said + ofSystemd).prefix(5))
    }

    var tail: String { log("--unit=\(unit)").suffix(5).joined(separator: "\n") }

    var traces: String { "journalctl -u \(unit) --since=\(begin)" }

    func removeTraces() {}

    private func log(_ words: String...) -> [Substring] {
        let query = Command(["journalctl", "--quiet", "--output=cat", "--since=\(begin)"] + words)
        do {
            try Command("journalctl", "--sync").run()
            return try query.run().split(separator: "\n")
        } catch {
            return ["the log cannot be read: \(error)"]
        }
    }
}
