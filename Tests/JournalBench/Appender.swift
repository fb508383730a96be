import Glibc
import MartletDisk
import MartletJournal

/// Appends numbered entries for ever and writes the number of the last durable one, eight bytes each time, to standard
/// output: for a test that kills it and looks whether it has told the truth.
enum Appender {
    private struct NoKeeper: DescriptorKeeper {
        func push(_ descriptor: Int32, name: String) {}
        func remove(name: String) {}
        func barrier() {}
    }

    static func toFiles(_ directory: String) throws {
        let disk = try FileDisk(directory: directory)
        let recovery = try Recovery(disk, medium: .files)
        let last = try lastNumber(recovery)
        var settings = FileSettings()
        settings.segmentSize = 64 << 10
        let bell = Bell()
        let journal = try FileJournal(continuing: recovery, on: disk, settings: settings) { bell.ring() }
        run(journal, after: last) { bell.wait() }
    }

    static func toMemory() throws {
        let store = try MemfdStore(inherited: [], keeper: NoKeeper())
        let recovery = try Recovery(store, medium: .memory)
        let last = try lastNumber(recovery)
        var settings = MemfdSettings()
        settings.segmentSize = 64 << 10
        let bell = Bell()
        let journal = try MemfdJournal(continuing: recovery, on: store, settings: settings) { bell.ring() }
        run(journal, after: last) { bell.wait() }
    }

    private static func lastNumber(_ recovery: Recovery) throws -> UInt64 {
        var last: UInt64 = 0
        try recovery.replay { entry, _ in last = UInt64(bigEndian: entry.loadUnaligned(as: UInt64.self)) }
        return last
    }

    private static func run(_ journal: some Journal, after last: UInt64, wait: () -> Void) -> Never {
        var number = last
        while true {
            var entries: [UInt8] = []
            for _ in 0...(number % 3) {
                number += 1
                entries += entry(number)
            }
            let position = entries.withUnsafeBytes { journal.append($0) }
            while journal.durable < position { wait() }
            report(number)
            let segment = journal.segment
            if segment > 4 { journal.cut(before: segment - 3) }
        }
    }

    private static func entry(_ number: UInt64) -> [UInt8] {
        let size = 8 + Int(number * 37 % 500)
        let head = withUnsafeBytes(of: UInt32(size).littleEndian, Array.init) + [0, 0, 0, 0]
        let payload = withUnsafeBytes(of: number.bigEndian, Array.init)
        return head + payload + (8..<size).map { UInt8(truncatingIfNeeded: UInt64($0) &+ number) }
    }

    private static func report(_ number: UInt64) {
        var number = number.bigEndian
        _ = write(1, &number, 8)
    }
}
