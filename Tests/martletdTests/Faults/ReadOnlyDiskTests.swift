import Foundation
import Testing

/// A start on a file system that can only be read. Under a daemon that runs it cannot be made so, as it has files open;
/// what the kernel says of one that became so by itself is played in `FailedJournalTests` and `BrokenDiskTests`.
@Suite(.enabled(if: SmallDisk.canBeMounted, "no file system can be mounted here (root can)"))
struct ReadOnlyDiskTests {
    @Test func aStartIsRefusedAndSaysWhy() throws {
        let disk = try SmallDisk(kilobytes: 1_024)
        let folder = JournalFolder(path: disk.path + "/data")
        var (daemon, port) = try folder.start()
        #expect(try Telnet(port: port).say("send jobs kept").contains("ok"))
        #expect(!disk.makeReadOnly(true), "a file system on which files are written cannot be made read-only")
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
        try #require(disk.makeReadOnly(true))
        let end = try folder.startInVain()
        #expect(end.status == 74)
        #expect(end.errors.contains("\(folder.path)/journal"), "\(end.errors)")
        #expect(end.errors.contains("Read-only file system"), "\(end.errors)")
        try #require(disk.makeReadOnly(false))
        (daemon, port) = try folder.start()
        #expect(try Telnet(port: port).say("receive jobs").contains("kept"))
        withExtendedLifetime(daemon) {}
    }

    @Test func aDirectoryThatCannotBeMadeIsNamed() throws {
        let disk = try SmallDisk(kilobytes: 64)
        try #require(disk.makeReadOnly(true))
        let end = try JournalFolder(path: disk.path + "/data").startInVain()
        #expect(end.status == 74)
        #expect(end.errors.contains("\(disk.path)/data cannot be made: Read-only file system"), "\(end.errors)")
    }
}
