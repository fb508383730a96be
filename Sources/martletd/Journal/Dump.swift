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
struct Dump {
    /// Where it is, or would be.
    let path: String
    private let partialPath: String
    private let movingPath: String
    private let log: Logger

    /// Bytes that may wait to be written: what is dumped is not there twice.
    private static let waiting: UInt64 = 32 << 20

    init(_ configuration: JournalConfiguration, _ log: Logger) {
        self.log = log
        let folder = (try? StateDirectory(configuration)).flatMap { try? $0.folder("dump") }
        path = folder ?? ""
        partialPath = path + ".partial"
        movingPath = path + ".moving"
    }

    /// Whether an earlier start has begun to read it and has not come to the end.
    var isBeingMoved: Bool { isThere(movingPath) }
    var exists: Bool { isThere(path) || isBeingMoved }

    private func isThere(_ folder: String) -> Bool { !path.isEmpty && access(folder, F_OK) == 0 }

    /// Reads it, which ends with `remove`.
    func read(_ body: (Recovery) throws -> Void) throws {
        if !isBeingMoved { try rename(path, to: movingPath) }
        try body(Recovery(FileDisk(existing: movingPath), medium: .files))
    }

    private func rename(_ name: String, to newName: String) throws(Restoration.Failure) {
        guard Glibc.rename(name, newName) == 0 else {
            throw Restoration.Failure(description: "\(name) cannot be renamed: \(String(cString: strerror(errno)))")
        }
        sync(folderOf: newName)
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
            case .full: return "there is no space for all messages"
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
            let journal = try FileJournal(continuing: recovery, on: disk) {}
            try move(broker, into: journal, segmentSize: Int(FileSettings().segmentSize))
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
        for folder in [path, movingPath] where isThere(folder) {
            delete(partialPath)
            try rename(folder, to: partialPath)
        }
        delete(partialPath)
    }

    private func delete(_ folder: String) {
        guard let stream = opendir(folder) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink("\(folder)/\(name)") }
        }
        rmdir(folder)
    }

    private func sync(folderOf path: String) {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        let descriptor = open((path.hasPrefix("/") ? "/" : "") + folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
