import Glibc
import Logging
import Synchronization

/// Writes each log line to standard error, where a person and systemd read it: `info: listening on 127.0.0.1:6278`.
///
/// No time and no process stand in front: whatever keeps the lines adds them.
struct StandardErrorLog: LogHandler {
    /// The level that all loggers go by, so that a reload changes it everywhere at once.
    final class Threshold: Sendable {
        private let position: Atomic<Int>

        init(_ level: Logger.Level) { position = Atomic(Self.position(of: level)) }

        private static func position(of level: Logger.Level) -> Int {
            Logger.Level.allCases.firstIndex(of: level) ?? 0
        }

        var level: Logger.Level {
            get { Logger.Level.allCases[position.load(ordering: .relaxed)] }
            set { position.store(Self.position(of: newValue), ordering: .relaxed) }
        }
    }

    let threshold: Threshold
    var metadata: Logger.Metadata = [:]

    init(threshold: Threshold) { self.threshold = threshold }

    var logLevel: Logger.Level {
        get { threshold.level }
        set { threshold.level = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        // One call, so that lines of several threads do not mix; if nobody takes it, there is nobody to tell.
        let line = Array("\(event.level): \(event.message)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }
}
