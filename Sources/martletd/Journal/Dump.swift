import Glibc
import Logging
import MartletBroker
import MartletDisk
import MartletJournal

/// Everything the broker knows, in files, for a next run to which the service manager has kept nothing: as after
/// `systemctl stop`. A journal that is written once, under another name until it is complete.
///
/// A start that reads it gives it a third name first and takes it away when all of it is durable elsewhere: if that
/// name is there, a start was interrupted, and what it has stored by then is less than what is here.
struct Dump: Sendable {
    /// Where it is, or would be.
    let path: String
    private let partialPath: String
    /// Where it is while a start reads it.
    let movingPath: String
    private let log: Logger
    /// Keeps others out of the directory above it, as long as this exists.
    private let lock: DirectoryLock?

    /// Bytes that may wait to be written: what is dumped is not there twice.
    private static let waiting: UInt64 = 32 << 20

    /// Throws if another process has its dump there. That none can be written is a warning only: messages are kept all
    /// the same, but for a stop.
    init(_ configuration: JournalConfiguration, _ log: Logger) throws {
        self.log = log
        var state: StateDirectory?
        do { state = try StateDirectory(configuration) } catch { Self.warn("\(error)", configuration, log) }
        path = state.map { "\($0.path)/dump" } ?? ""
        partialPath = path + ".partial"
        movingPath = path + ".moving"
        lock = try state.flatMap { try Self.lock($0, configuration, log) }
    }

    private static func lock(
        _ directory: StateDirectory,
        _ configuration: JournalConfiguration,
        _ log: Logger
    ) throws(JournalError) -> DirectoryLock? {
        do {
            try directory.make()
            let lock = try DirectoryLock(directory.path)
            try DurableFolder.checkIsWritable(directory.path)
            return lock
        } catch let error as JournalError {
            guard case .unusable(let reason) = error else { throw error }
            warn("\(reason)", configuration, log)
        } catch {
            warn("\(error)", configuration, log)
        }
        return nil
    }

    private static func warn(_ obstacle: String, _ configuration: JournalConfiguration, _ log: Logger) {
        guard configuration.dumpsOnStop else { return }
        log.warning("dump_on_stop: no dump can be written, so systemctl stop will lose all messages: \(obstacle)")
    }

    /// Whether an earlier start has begun to read it and has not come to the end.
    func isBeingMoved() throws(Restoration.Failure) -> Bool { try isThere(movingPath) }
    func exists() throws(Restoration.Failure) -> Bool {
        if try isThere(path) { return true }
        return try isBeingMoved()
    }

    /// Where it may be in a data directory, what counts first.
    static func folders(in directory: String) -> [String] { ["\(directory)/dump.moving", "\(directory)/dump"] }

    /// Where that cannot be told there is no start: what is in a dump would be passed over without a word.
    private func isThere(_ folder: String) throws(Restoration.Failure) -> Bool {
        guard !path.isEmpty else { return false }
        do throws(DiskError) {
            return try DurableFolder.exists(folder)
        } catch {
            throw Restoration.Failure(
                description: "it cannot be told whether there is a dump to be read: \(error). Let the daemon's user "
                    + "enter the directories above it, or give another data_dir to go on without it"
            )
        }
    }

    /// Reads it, which ends with `remove`.
    func read(_ body: (Recovery) throws -> Void) throws {
        if try !isBeingMoved() { try rename(path, to: movingPath) }
        do {
            try body(Recovery(FileDisk(existing: movingPath), medium: .files))
        } catch let error as JournalError {
            // It has not the name that an administrator expects.
            throw Restoration.Failure(description: "the dump in \(movingPath): \(error)")
        }
    }

    private func rename(_ name: String, to newName: String) throws(Restoration.Failure) {
        do throws(DiskError) { try DurableFolder.rename(name, to: newName) } catch {
            throw Restoration.Failure(description: "\(name) cannot become \(newName): \(error)")
        }
    }

    /// Writes everything into a journal that has none of it yet. When it returns, all of it is durable there.
    func move(_ broker: Broker, into journal: any Journal, segmentSize: Int) throws {
        var end: UInt64 = 0
        var trouble: String?
        broker.stateAll(in: journal.segment, segmentSize: segmentSize) { entries in
            end = journal.append(entries)
            trouble = trouble ?? wait(for: journal, atMost: Self.waiting, before: end)
            return journal.segment
        }
        trouble = trouble ?? wait(for: journal, atMost: 0, before: end)
        if let trouble { throw Restoration.Failure(description: trouble) }
    }

    /// Waits until no more than so many bytes before a position are not durable; why they never will be, if so.
    private func wait(for journal: any Journal, atMost waiting: UInt64, before position: UInt64) -> String? {
        while position > journal.durable + waiting {
            switch journal.condition {
            case .ready: usleep(1_000)
            case .full: return "there is no space for all messages (\(journal.figures.shortage))"
            case .failed(let reason): return reason
            }
        }
        return nil
    }

    /// Writes it anew.
    func write(_ broker: Broker) {
        guard !path.isEmpty else {
            return log.error("dump_on_stop: there is no directory to dump to; what systemd does not keep is lost")
        }
        do {
            delete(partialPath)
            let disk = try FileDisk(directory: partialPath)
            let recovery = try Recovery(disk, medium: .files)
            _ = try recovery.replay { _, _ in }
            let settings = FileSettings(holding: broker.statedSize)
            let journal = try FileJournal(continuing: recovery, on: disk, settings: settings) {}
            try move(broker, into: journal, segmentSize: Int(settings.segmentSize))
            journal.close()
            delete(path)
            try rename(partialPath, to: path)
            log.info("dumped to \(path)")
        } catch {
            log.log(.dumpFailed, .error, "the dump to \(path) has failed: \(error); what systemd does not keep is lost")
        }
    }

    /// Its content is elsewhere now. Not a moment goes by in which a part of it looks like all.
    func remove() throws {
        // Without a directory the names would be those of files where the daemon happens to run.
        guard !path.isEmpty else { return }
        for folder in [path, movingPath] where try isThere(folder) {
            delete(partialPath)
            try rename(folder, to: partialPath)
        }
        delete(partialPath)
        if try isThere(partialPath) { try keepWhatWasSetAside() }
    }

    /// A repair never deletes anything, and neither do we what it has left.
    private func keepWhatWasSetAside() throws(Restoration.Failure) {
        var number = 1
        while try isThere("\(path).repaired-\(number)") { number += 1 }
        let place = "\(path).repaired-\(number)"
        try rename(partialPath, to: place)
        log.notice("what a repair of the dump had set aside is in \(place)")
    }

    private func delete(_ folder: String) {
        for name in (try? DirectoryListing.names(folder)) ?? [] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }
}
