import Glibc
import Logging
import MartletBroker
import MartletDisk
import MartletJournal

/// Everything the broker knows, in files, for a next run to which the service manager has kept nothing: as after
/// `systemctl stop`. A journal that is written once, under another name until it is complete.
struct Dump {
    /// Where it is, or would be.
    let path: String
    private let partialPath: String
    private let log: Logger

    /// Bytes that may wait to be written: what is dumped is not there twice.
    private static let waiting: UInt64 = 32 << 20

    init(_ configuration: JournalConfiguration, _ log: Logger) {
        self.log = log
        let folder = (try? StateDirectory(configuration)).flatMap { try? $0.folder("dump") }
        path = folder ?? ""
        partialPath = path + ".partial"
    }

    var exists: Bool { !path.isEmpty && access(path, F_OK) == 0 }

    func read(_ body: (Recovery) throws -> Void) throws {
        try body(Recovery(FileDisk(directory: path), medium: .files))
    }

    /// Writes everything into a journal that has none of it yet.
    func move(_ broker: Broker, into journal: any Journal, segmentSize: Int) throws {
        broker.stateAll(in: journal.segment, segmentSize: segmentSize) { entries in
            let position = journal.append(entries)
            while position > journal.durable + Self.waiting, !journal.hasFailed { usleep(1_000) }
            return journal.segment
        }
        let end = journal.append(UnsafeRawBufferPointer(start: nil, count: 0))
        while journal.durable < end, !journal.hasFailed { usleep(1_000) }
        if case .failed(let reason) = journal.condition { throw Restoration.Failure(description: reason) }
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
            guard rename(partialPath, path) == 0 else {
                throw Restoration.Failure(description: "rename: \(String(cString: strerror(errno)))")
            }
            sync(folderOf: path)
            log.info("dumped to \(path)")
        } catch {
            log.log(.dumpFailed, .error, "the dump to \(path) has failed: \(error); what systemd does not keep is lost")
        }
    }

    /// Its content is elsewhere now.
    func remove() {
        guard exists else { return }
        delete(path)
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

extension Journal {
    fileprivate var hasFailed: Bool { if case .failed = condition { true } else { false } }
}
