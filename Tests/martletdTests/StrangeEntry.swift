import MartletDisk
import MartletJournal

/// An entry of a journal that is written as it should be and holds a record that nobody knows.
enum StrangeEntry {
    /// In a segment of its own, behind those that are there.
    static func append(to directory: String) throws {
        let disk = try FileDisk(existing: directory)
        let recovery = try Recovery(disk, medium: .files)
        try recovery.replay { _, _ in }
        let journal = try FileJournal(continuing: recovery, on: disk, settings: FileSettings(holding: 0)) {}
        // Eight bytes of time, and the record's kind.
        let payload: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 77]
        let head: [UInt8] = [UInt8(payload.count), 0, 0, 0, 0, 0, 0, 0]
        _ = (head + payload).withUnsafeBytes { journal.append($0) }
        journal.close()
    }
}
