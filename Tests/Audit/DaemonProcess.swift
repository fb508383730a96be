import Foundation

/// A `martletd` that the audit starts: killed and started again on the same directory.
final class DaemonProcess: DaemonUnderTest {
    let socket: String
    private let program: String
    private let folder: String
    private let arguments: [String]
    private let store: DescriptorStore?
    /// What its environment has besides.
    var environment: [String] = []
    private var process: pid_t = 0
    private var log: String { folder + "/log" }

    init(program: String, folder: String, arguments: [String], store: DescriptorStore?) {
        self.program = program
        self.folder = folder
        socket = folder + "/socket"
        self.arguments = arguments
        self.store = store
    }

    /// Starts it and does not wait.
    func start() throws {
        var environment = ["PATH=/usr/bin:/bin"]
        var kept: [Int32] = []
        if let store {
            let descriptors = store.descriptors.shuffled()
            environment.append("NOTIFY_SOCKET=\(store.path)")
            if !descriptors.isEmpty {
                environment.append("LISTEN_FDS=\(descriptors.count)")
                environment.append("LISTEN_FDNAMES=" + descriptors.map(\.name).joined(separator: ":"))
                kept = descriptors.map(\.descriptor)
            }
        }
        // The process id that the descriptors are meant for is not known before it is there.
        let shell = ["/bin/sh", "-c", "export LISTEN_PID=$$; exec env \"$@\"", "sh"]
        process = try spawn(shell + self.environment + [program] + arguments, environment, kept)
    }

    private func spawn(_ words: [String], _ environment: [String], _ descriptors: [Int32]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // First out of the way of the numbers that they are to have.
        let moved = descriptors.map { fcntl($0, F_DUPFD_CLOEXEC, 1000) }
        defer { for descriptor in moved { close(descriptor) } }
        for (index, descriptor) in moved.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(3 + index))
        }
        var pid: pid_t = 0
        let result = withPointers(words) { words in
            withPointers(environment) { posix_spawn(&pid, "/bin/sh", &actions, nil, words, $0) }
        }
        guard result == 0 else { throw DaemonFailure(description: "spawn: \(String(cString: strerror(result)))") }
        return pid
    }

    private func withPointers<Result>(
        _ words: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return body(&pointers)
    }

    func checkThatItRuns() throws {
        var status: Int32 = 0
        guard waitpid(process, &status, WNOHANG) == process else { return }
        throw endedByItself(Self.result(status))
    }

    private func endedByItself(_ status: Int32) -> DaemonFailure {
        DaemonFailure(description: "the daemon has ended by itself with \(status): \(tail)")
    }

    func kill() throws {
        let status = end(SIGKILL)
        guard status == -SIGKILL else { throw endedByItself(status) }
    }

    func stop() throws {
        let status = end(SIGTERM)
        guard status == 0 else {
            throw DaemonFailure(description: "the daemon was told to stop and ended with \(status): \(tail)")
        }
    }

    func drop() throws {
        defer { store?.drop() }
        try stop()
    }

    func leave() { end(SIGKILL) }

    var traces: String { folder }

    func removeTraces() throws { try FileManager.default.removeItem(atPath: folder) }

    var complaints: [Substring] {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n")
        let marks = ["error: ", "critical: ", "martletd: ", "Fatal", "left out"]
        return Array(lines.filter { line in marks.contains { line.contains($0) } }.prefix(5))
    }

    var tail: String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(5).joined(separator: "\n")
    }

    /// Waits for its end, so many milliseconds at most.
    /// - Returns: what `end` returns; nil if it has not ended.
    func waitForEnd(atMost milliseconds: Int) -> Int32? {
        let deadline = Instant.now + milliseconds
        while true {
            var status: Int32 = 0
            if waitpid(process, &status, WNOHANG) == process { return Self.result(status) }
            guard Instant.now < deadline else { return nil }
            // There is no wait with a deadline.
            usleep(500)
        }
    }

    /// Ends it with a signal and waits for its end.
    /// - Returns: its exit status, or the signal's number negated.
    @discardableResult
    func end(_ signal: Int32) -> Int32 {
        Glibc.kill(process, signal)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        store?.settle()
        return Self.result(status)
    }

    private static func result(_ status: Int32) -> Int32 {
        status & 127 == 0 ? status >> 8 & 255 : -(status & 127)
    }
}
