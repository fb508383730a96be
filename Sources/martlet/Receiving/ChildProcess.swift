import Dispatch
import Glibc
import Synchronization

/// A shell command that reads a message on its standard input.
///
/// Cancelling the task that waits for it asks it, and what it has started, to end with SIGTERM.
final class ChildProcess: Sendable {
    /// Pipes are made and children started under one lock: a child that starts between a pipe's making and its
    /// marking as close-on-exec would inherit it, and its sibling would never see the end of its input.
    private static let spawning = Mutex(())

    /// Nil once the child has ended, when its number may belong to another process.
    private let process: Mutex<pid_t?>
    private let input: Int32

    /// - Parameter environment: What is added to our own.
    init(command: String, environment: [(name: String, value: String)]) throws {
        let (process, input) = try Self.spawning.withLock { _ in
            try Self.spawn(command, environment.map { "\($0.name)=\($0.value)" })
        }
        self.process = Mutex(process)
        self.input = input
    }

    private static func spawn(_ command: String, _ additions: [String]) throws -> (pid_t, Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw failure(command, errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        var process = pid_t()
        let status = withStrings(["sh", "-c", command]) { arguments in
            withStrings(inherited(except: additions) + additions) { environment in
                withAttributes { posix_spawn(&process, "/bin/sh", &actions, &$0, arguments, environment) }
            }
        }
        guard status == 0 else {
            close(ends[1])
            throw failure(command, status)
        }
        return (process, ends[1])
    }

    /// How the child starts: with signals as they were for us, and in a group of its own.
    private static func withAttributes<Result>(_ body: (inout posix_spawnattr_t) -> Result) -> Result {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What we ignore, the child should not ignore, nor what our thread happens to block.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // Its own group: Ctrl-C is then for us alone, and what we do about it reaches the command's own children too.
        let flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        posix_spawnattr_setflags(&attributes, Int16(flags))
        return body(&attributes)
    }

    private static func failure(_ command: String, _ number: Int32) -> InputFailure {
        let reason = String(cString: strerror(number)).lowercased()
        return InputFailure(status: .noInput, description: "cannot run '\(command)': \(reason)")
    }

    /// Our own environment without the names that are set anew.
    private static func inherited(except additions: [String]) -> [String] {
        let replaced = Set(additions.compactMap { $0.split(separator: "=").first.map(String.init) })
        var variables: [String] = []
        var next = environ
        while let variable = next.pointee {
            let text = String(cString: variable)
            let name = text.split(separator: "=", maxSplits: 1).first.map(String.init) ?? ""
            if !replaced.contains(name) { variables.append(text) }
            next += 1
        }
        return variables
    }

    private static func withStrings<Result>(
        _ strings: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }

    /// Gives the child its input and waits for its end.
    ///
    /// - Returns: Its exit status, or 128 + the signal that killed it.
    func run(_ text: [UInt8]) async -> Int32 {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Both writing and waiting block, so they do it on a thread that nobody else needs.
                DispatchQueue.global().async { [self] in
                    feed(text)
                    continuation.resume(returning: wait())
                }
            }
        } onCancel: {
            process.withLock { process in
                if let process { _ = kill(-process, SIGTERM) }
            }
        }
    }

    private func feed(_ text: [UInt8]) {
        var rest = text[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            // A command that does not read its input may have its reasons.
            if count < 0, errno != EINTR { break }
            rest = rest.dropFirst(max(count, 0))
        }
        close(input)
    }

    private func wait() -> Int32 {
        guard let number = process.withLock({ $0 }) else { return 0 }
        var information = siginfo_t()
        // The end is awaited first and the process taken away second, so that `kill` never meets a stranger.
        while waitid(P_PID, id_t(number), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return process.withLock { process in
            var status: Int32 = 0
            while waitpid(number, &status, 0) < 0, errno == EINTR {}
            process = nil
            return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        }
    }
}
