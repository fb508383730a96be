import Glibc
import MartletServer

/// `martletd --reload`: has the running service read its configuration again, and waits until it has.
///
/// This is the unit's `ExecReload=`. A bare SIGHUP would let `systemctl reload` return before the daemon has begun, and
/// with success whatever became of it.
enum ReloadRequest {
    /// What the service answers when the new configuration is in force; anything else is the reason why it is not.
    static let done = "reloaded"
    /// Longer than a configuration file takes to read; systemd has a bound of its own, `TimeoutStartSec=`.
    private static let seconds = 60

    static func run() -> Never {
        let path = ControlPath.ofService ?? ControlPath.standard
        do {
            let answer = try ControlSocket.ask("reload", at: path, seconds: seconds)
            guard answer != done else { exit(ExitStatus.success.rawValue) }
            end(answer.isEmpty ? "the daemon did not answer" : answer, .configuration)
        } catch {
            end("no daemon at \(path): \(error)", .addressInUse)
        }
    }

    private static func end(_ reason: String, _ status: ExitStatus) -> Never {
        let line = Array("martletd: not reloaded: \(reason)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        exit(status.rawValue)
    }
}
