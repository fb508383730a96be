import Foundation
import MartletDisk
import MartletJournal
import Testing

/// The process is killed at any instruction; everything that it has called durable is there.
@Suite struct KillTests {
    /// More with `MARTLET_JOURNAL_KILLS`.
    private static let kills =
        ProcessInfo.processInfo.environment["MARTLET_JOURNAL_KILLS"].flatMap { Int($0) } ?? 10

    @Test func filesOfAProcessThatIsKilledAgainAndAgain() throws {
        let directory = TemporaryDirectory()
        var least: UInt64 = 0
        for round in 0..<Self.kills {
            let appender = try AppenderProcess(["append-to-files", directory.path])
            #expect(appender.report(count: 1 + round * 37 % 200))
            appender.kill()
            least = max(least, appender.lastReported())
            try expectEverything(upTo: least, in: Recovery(FileDisk(directory: directory.path), medium: .files))
        }
    }

    @Test func memoryOfAProcessThatIsStoppedAnywhere() throws {
        for round in 0..<Self.kills {
            let appender = try AppenderProcess(["append-to-memory"])
            #expect(appender.report(count: 1 + round * 171 % 2000))
            let inherited = appender.stopAndCopyMemory()
            let least = appender.lastReported()
            appender.kill()
            let store = try MemfdStore(inherited: recycledLeftOut(inherited), keeper: KeeperDouble())
            try expectEverything(upTo: least, in: Recovery(store, medium: .memory))
        }
    }

    /// A segment that is used again bears the name it was made with, to which its number need not fit any more; whoever
    /// hands it over gives it the name of its number.
    private func recycledLeftOut(
        _ inherited: [(name: String, descriptor: Int32)]
    ) -> [(name: String, descriptor: Int32)] {
        inherited.compactMap { name, descriptor in
            var header = [UInt8](repeating: 0, count: SegmentHeader.size)
            pread(descriptor, &header, header.count, 0)
            guard let found = try? header.withUnsafeBytes({ try SegmentHeader(bytes: $0) }) else {
                close(descriptor)
                return nil
            }
            let digits = String(found.number, radix: 16)
            return ("martlet-journal-1-\(String(repeating: "0", count: 8 - digits.count))\(digits)", descriptor)
        }
    }

    private func expectEverything(upTo least: UInt64, in recovery: Recovery) throws {
        var numbers: [UInt64] = []
        try recovery.replay { entry, _ in
            let number = UInt64(bigEndian: entry.loadUnaligned(as: UInt64.self))
            numbers.append(number)
            let isWhole =
                entry.count == 8 + Int(number * 37 % 500)
                && (8..<entry.count).allSatisfy { entry[$0] == UInt8(truncatingIfNeeded: UInt64($0) &+ number) }
            #expect(isWhole, "entry \(number)")
        }
        let first = try #require(numbers.first)
        #expect(numbers == Array(first..<(first + UInt64(numbers.count))))
        #expect(try #require(numbers.last) >= least)
    }
}
