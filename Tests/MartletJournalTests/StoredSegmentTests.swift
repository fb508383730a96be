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

    @Test(arguments: [1 as UInt32])
    func aSegmentOfTheVersionIsRead(_ version: UInt32) throws {
        let bytes = try Data(contentsOf: Self.fixtures.appendingPathComponent("version-\(version).segment"))
        let header = try Array(bytes).withUnsafeBytes { try SegmentHeader(bytes: $0) }
        #expect(header.version == version && header.number == 1 && header.created == 1_700_000_000_000)
        let disk = SimulatedDisk()
        disk.setContents("00000001.segment", Array(bytes))
        let (recovery, payloads, _) = try JournalDriver.recover(disk)
        #expect(payloads == Self.payloads)
        #expect(recovery.segments.map(\.header.version) == [version])
    }

    @Test func thisVersionIsKeptHere() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.fixtures.path)
        #expect(names.contains("version-\(SegmentHeader.currentVersion).segment"))
    }

    /// Writes the one of the current version when `MARTLET_KEEP_SEGMENT` says where to: to be done once a version.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["MARTLET_KEEP_SEGMENT"] != nil, "a version is kept once"))
    func keepOne() throws {
        let path = try #require(ProcessInfo.processInfo.environment["MARTLET_KEEP_SEGMENT"])
        let driver = try JournalDriver(SimulatedDisk(), Ledger(), seed: 1, next: 1)
        for payload in Self.payloads {
            driver.append(payload: payload)
            try driver.writeBatch(isSynced: true)
        }
        try driver.close()
        let bytes = try #require(driver.disk.contents("00000001.segment"))
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
}
