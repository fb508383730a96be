import CSystemd
import Glibc
package import Logging

/// Sends each log line to journald with its fields: what it is about can be asked for, not only searched for.
///
///     journalctl -u martletd MARTLET_PEER=203.0.113.7:40112
///
/// Metadata becomes fields: `queue` is `MARTLET_QUEUE`; the metadata of `CataloguedEvent` is `MESSAGE_ID`. Where the
/// line was written in the source is `CODE_FILE`, `CODE_LINE`, `CODE_FUNC`. Costs one system call a line.
package struct JournaldLog: LogHandler {
    package var metadata: Logger.Metadata = [:]
    private let level: @Sendable () -> Logger.Level

    /// - Parameter level: the level in force, asked for each line, so that a reload can change it everywhere.
    package init(level: @escaping @Sendable () -> Logger.Level) { self.level = level }

    /// Whether standard error is the stream to journald that systemd has set up, and not one that somebody has put in
    /// its place: the variable is inherited also by those whose standard error is elsewhere.
    package static var isStandardError: Bool {
        guard let stream = getenv("JOURNAL_STREAM") else { return false }
        var status = stat()
        guard fstat(STDERR_FILENO, &status) == 0 else { return false }
        return String(cString: stream) == "\(status.st_dev):\(status.st_ino)"
    }

    package var logLevel: Logger.Level {
        get { level() }
        // The level belongs to the whole daemon, not to one logger.
        set { _ = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let all = event.metadata.map { metadata.merging($0) { $1 } } ?? metadata
        var fields = [
            JournaldField("MESSAGE", "\(event.message)"),
            JournaldField("PRIORITY", "\(event.level.syslogPriority)"),
            JournaldField("SYSLOG_IDENTIFIER", "martletd"),
            JournaldField("CODE_FILE", event.file),
            JournaldField("CODE_LINE", "\(event.line)"),
            JournaldField("CODE_FUNC", event.function),
        ]
        // Sorted, so that the same line looks the same each time.
        fields += all.sorted { $0.key < $1.key }.map { JournaldField(metadataKey: $0.key, value: "\($0.value)") }
        JournaldField.send(fields)
    }
}

extension Logger.Level {
    /// As in syslog(3).
    package var syslogPriority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}

extension Logger {
    /// Logs one of the events that the catalogue explains.
    package func log(
        _ event: CataloguedEvent,
        _ level: Logger.Level,
        _ message: Logger.Message,
        metadata: Logger.Metadata = [:],
        file: String = #fileID,
        function: String = #function,
        line: UInt = #line
    ) {
        let all = metadata.merging([JournaldField.eventKey: .string(event.rawValue)]) { own, _ in own }
        log(level: level, message, metadata: all, file: file, function: function, line: line)
    }
}
