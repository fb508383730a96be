import Foundation
import MartletDisk
import MartletJournal
import Testing

@Suite struct FileDiskTests {
    private let directory = TemporaryDirectory()

    @Test func aSecondOneIsKeptOutAndToldByWhom() throws {
        let first = try FileDisk(directory: directory.path)
        let error = try #require(throws: JournalError.self) { try FileDisk(directory: directory.path) }
        #expect(error == .locked(directory: first.directory, holder: "\(getpid())"))
        #expect("\(error)".contains("in use by process \(getpid())"))
    }

    /// The lock has the number of one that is gone: nobody is told of it.
    @Test func whoOnlyReadsIsNamedToo() throws {
        do { _ = try FileDisk(directory: directory.path) }
        let lock = directory.path + "/lock"
        try Data("999999999\n".utf8).write(to: URL(filePath: lock))
        do {
            let reader = try StoredFiles(directory.path)
            let error = try #require(throws: JournalError.self) { try FileDisk(directory: directory.path) }
            #expect(error == .locked(directory: directory.path, holder: "\(getpid())"))
            try Data("999999999\n".utf8).write(to: URL(filePath: lock))
            let later = try #require(throws: JournalError.self) { try StoredFiles(directory.path) }
            #expect(later == .locked(directory: directory.path, holder: nil))
            withExtendedLifetime(reader) {}
        }
        _ = try FileDisk(directory: directory.path)
    }

    @Test func whatMayNotBeReadIsNoFaultOfTheDisk() {
        let denied = DiskError(.denied, call: "open", file: "1.segment", reason: "Permission denied")
        let text = "\(JournalError.unreadable(file: "1.segment", offset: 0, error: denied))"
        #expect(text.contains("Permission denied") && text.contains("the user that the daemon runs as"))
        #expect(!text.contains("repair") && !text.contains("disk first"))
    }

    @Test(.enabled(if: getuid() == 0, "only root makes files for others"))
    func whatRootMakesBelongsToTheOwnerOfTheDirectory() throws {
        #expect(chown(directory.path, 65_534, 65_533) == 0)
        let disk = try FileDisk(existing: directory.path)
        disk.close(try disk.create("1.spare"))
        disk.close(try disk.create("2.spare"))
        try disk.rename("1.spare", to: "set-aside-1/1.spare")
        for name in ["lock", "2.spare", "set-aside-1", "set-aside-1/1.spare"] {
            var status = stat()
            #expect(stat("\(directory.path)/\(name)", &status) == 0)
            #expect(status.st_uid == 65_534 && status.st_gid == 65_533, "\(name)")
        }
    }

    @Test func theLockEndsWithItsOwner() throws {
        do { _ = try FileDisk(directory: directory.path) }
        _ = try FileDisk(directory: directory.path)
    }

    @Test func aFileInPlaceOfTheDirectoryIsNamed() throws {
        let path = directory.path + "/file"
        try #require(FileManager.default.createFile(atPath: path, contents: nil))
        let error = try #require(throws: JournalError.self) { try FileDisk(directory: path) }
        #expect("\(error)".contains(path) && "\(error)".contains("Not a directory"))
    }

    @Test func onlyItsOwnerMayReadIt() throws {
        let path = directory.path + "/journal"
        let disk = try FileDisk(directory: path)
        disk.close(try disk.create("1.spare"))
        #expect(try permissions(path) == 0o700)
        #expect(try permissions(path + "/1.spare") == 0o600)
        #expect(try permissions(path + "/lock") == 0o600)
    }

    @Test func aFolderIsMadeForWhatIsSetAside() throws {
        let disk = try FileDisk(directory: directory.path)
        disk.close(try disk.create("1.spare"))
        try disk.rename("1.spare", to: "set-aside-1/1.spare")
        #expect(try disk.exists("set-aside-1/1.spare"))
        #expect(try !disk.exists("1.spare"))
    }

    /// The system's words, as whoever reads them is to find the cause.
    @Test func whyItCannotLookIsSaid() throws {
        let disk = try FileDisk(directory: directory.path)
        let loop = directory.path + "/loop"
        try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
        let looking = try #require(throws: DiskError.self) { try disk.exists("loop/x") }
        #expect(looking.description == "access loop/x: Too many levels of symbolic links")
        let reading = try #require(throws: DiskError.self) { try DirectoryListing.names(loop) }
        #expect(reading.description == "opendir \(loop): Too many levels of symbolic links")
        #expect(try !DurableFolder.exists(directory.path + "/absent"))
        #expect(throws: DiskError.self) { try DurableFolder.exists(loop) }
    }

    /// Needs the right to mount; without it there is nothing to see here.
    @Test(.enabled(if: getuid() == 0 && SmallDisk.canBeMounted, "only root can mount a small tmpfs"))
    func aDiskThatIsFull() throws {
        let small = try SmallDisk(megabytes: 1)
        var settings = FileSettings()
        settings.segmentSize = 128 << 10
        let disk = try FileDisk(directory: small.path + "/journal")
        let recovery = try Recovery(disk, medium: .files)
        _ = try recovery.payloads()
        let journal = try FileJournal(continuing: recovery, on: disk, settings: settings) {}
        defer { journal.close() }
        let signal = Signal()
        var position: UInt64 = 0
        for number in 0..<20_000 where journal.condition == .ready {
            position = journal.append([UInt8](repeating: UInt8(number % 251), count: 1000))
            #expect(signal.wait { journal.durable == position || journal.condition == .full })
        }
        #expect(journal.condition == .full)
        let shortage = journal.figures.shortage
        #expect(shortage.contains(small.path) && shortage.contains("No space left on device"), "\(shortage)")
        // There is room in reserve, and room comes back when segments are cut.
        position = journal.append([1, 2, 3])
        #expect(signal.wait { journal.durable == position })
        #expect(journal.condition == .full)
        journal.cut(before: journal.segment)
        #expect(signal.wait { journal.condition == .ready && journal.figures.shortage.isEmpty })
    }

    private func permissions(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }
}

func contents(of directory: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
}
