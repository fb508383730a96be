import Foundation
import MartletJournal
import MartletSimulatedDisk
import Testing

/// Segments that releases have written, kept for ever: each version can be read.
@Suite struct StoredSegmentTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures")

    /// What is in every one of them.
    private static let payloads: [[UInt8]] = [
        Array("first".utf8), [0], Array(0...255), [UInt8](repeating: 0x80, count: 400), Array("last".utf8),
    ]

    /// `used`: the file had been a segment before, and nothing says where its entries end; later, a terminator does.
    @Test(arguments: [("version-1", 1 as UInt32), ("version-1-used", 1), ("version-1-terminated", 1)])
    func aSegmentIsRead(_ file: String, _ version: UInt32) throws {
        let bytes = try Array(Data(contentsOf: Self.fixtures.appendingPathComponent("\(file).segment")))
        let header = try bytes.withUnsafeBytes { try SegmentHeader(bytes: $0) }
        #expect(header.version == version && header.created == 1_700_000_000_000)
        let disk = SimulatedDisk()
        disk.setContents(SegmentName.segment(header.number).text, bytes)
        let recovery = try Recovery(disk, medium: .files)
        var payloads: [[UInt8]] = []
        let summary = try recovery.replay { entry, _ in payloads.append(Array(entry)) }
        #expect(payloads == Self.payloads && summary.tear == nil)
        #expect(recovery.segments.map(\.header.version) == [version])
    }

    @Test func thisVersionIsKeptHere() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.fixtures.path)
        #expect(names.contains("version-\(SegmentHeader.currentVersion).segment"))
    }

    /// Writes two of the current state, in a new file and in a used one, when `MARTLET_KEEP_SEGMENT` names a folder: to
    /// be done once a version.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["MARTLET_KEEP_SEGMENT"] != nil, "a version is kept once"))
    func keepBoth() throws {
        let path = try #require(ProcessInfo.processInfo.environment["MARTLET_KEEP_SEGMENT"])
        for (name, fillers) in [("new", 0), ("used", 4)] {
            let driver = try JournalDriver(SimulatedDisk(), Ledger(), seed: 1, next: 1)
            for _ in 0..<fillers { try driver.fillAndCut() }
            for payload in Self.payloads {
                driver.append(payload: payload)
                try driver.writeBatch(isSynced: true)
            }
            try driver.close()
            let bytes = try #require(driver.disk.contents("0000000\(fillers + 1).segment"))
            try Data(bytes).write(to: URL(fileURLWithPath: path).appendingPathComponent("\(name).segment"))
        }
    }
}
