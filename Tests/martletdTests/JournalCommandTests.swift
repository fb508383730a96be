import Foundation
import Testing

/// `martletd journal …` on the directory of a daemon that was killed.
struct JournalCommandTests {
    private let folder: JournalFolder

    init() throws { folder = try JournalFolder() }

    private func write(_ requests: [String]) throws {
        let (daemon, port) = try folder.start()
        let telnet = try Telnet(port: port)
        for request in requests { #expect(try telnet.say(request).contains(#""ok":true"#), "\(request)") }
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
    }

    private func journal(
        _ command: String,
        _ directory: String? = nil,
        shell: String? = nil
    ) throws -> (status: Int32, output: String, errors: String) {
        try DaemonProcess(["journal", command, directory ?? folder.path], shell: shell).finish()
    }

    // MARK: Looking changes nothing

    @Test(arguments: ["check", "dump", "export"]) func nothingIsMade(_ command: String) throws {
        try write(["send jobs hello"])
        try FileManager.default.removeItem(atPath: folder.path + "/journal/lock")
        let before = try folder.files
        let end = try journal(command)
        #expect(end.status == 0, "\(end)")
        #expect(try folder.files == before)
    }

    @Test(.enabled(if: SmallDisk.canBeMounted, "no file system can be mounted here (root can)"))
    func whatCanOnlyBeReadIsRead() throws {
        let disk = try SmallDisk(kilobytes: 1_024)
        let folder = JournalFolder(path: disk.path + "/data")
        let (daemon, port) = try folder.start()
        #expect(try Telnet(port: port).say("send jobs hello").contains("ok"))
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
        try #require(disk.makeReadOnly(true))
        for command in ["check", "dump", "export"] {
            let end = try journal(command, folder.path)
            #expect(end.status == 0, "\(command): \(end)")
            #expect(end.output.contains(command == "check" ? ": good" : "hello"), "\(command): \(end)")
        }
    }

    @Test func aDaemonThatRunsIsInTheWay() throws {
        let (daemon, _) = try folder.start()
        for command in ["check", "dump", "export", "repair"] {
            let end = try journal(command)
            #expect(end.status == 74)
            #expect(end.errors.contains("is in use by process"), "\(command): \(end)")
        }
        withExtendedLifetime(daemon) {}
    }

    @Test(.enabled(if: geteuid() == 0, "only root can leave a lock that others cannot open"))
    func rootLeavesTheLockToTheOwner() throws {
        try write(["send jobs hello"])
        let lock = folder.path + "/journal/lock"
        try FileManager.default.removeItem(atPath: lock)
        #expect(chown(folder.path + "/journal", 65_534, 65_534) == 0)
        let end = try journal("repair")
        #expect(end.output == "nothing to repair\n", "\(end)")
        var status = stat()
        #expect(stat(lock, &status) == 0)
        #expect(status.st_uid == 65_534 && status.st_gid == 65_534)
    }

    // MARK: What is no journal

    @Test(arguments: ["check", "dump", "export", "repair"])
    func aDirectoryWithoutAJournalIsNotCalledGood(_ command: String) throws {
        let end = try journal(command)
        #expect(end.status == 74)
        #expect(end.output.isEmpty)
        #expect(end.errors == "martletd: there is no journal in \(folder.path)\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        mkdir(folder.path + "/dump.moving", 0o700)
        #expect(try journal(command).errors.contains("; there is a dump in \(folder.path)/dump.moving\n"))
    }

    // MARK: What is said

    /// The checksum is right, and it says nothing that a daemon understands: it would not start.
    @Test func anEntryThatMeansNothingIsNotGood() throws {
        try write(["send jobs hello"])
        try StrangeEntry.append(to: folder.path + "/journal")
        let words = "00000002.segment holds an entry that means nothing to this release: record of unknown kind 77"
        let check = try journal("check")
        #expect(check.status == 74, "\(check)")
        #expect(check.output.contains(words), "\(check)")
        #expect(check.output.hasSuffix("bytes: not good\n"), "\(check)")
        for command in ["export", "repair"] {
            let end = try journal(command)
            #expect(end.status == 74)
            #expect(end.errors.contains(words), "\(command): \(end)")
        }
        let start = try folder.startInVain()
        #expect(start.status == 74)
        #expect(start.errors.contains("record of unknown kind 77"), "\(start)")
    }

    @Test(arguments: ["check", "dump", "export"]) func outputThatGoesNowhereIsNoSuccess(_ command: String) throws {
        try write(["send jobs hello"])
        let end = try journal(command, shell: #"exec "$@" >/dev/full"#)
        #expect(end.status == 74, "\(end)")
        #expect(end.errors == "martletd: the output cannot be written: No space left on device\n")
    }

    @Test func aDumpHasAllSettings() throws {
        try write([
            #"{"op":"declare","queue":"jobs","rate":2.5,"burst":3,"dead_letter":"lost","ttl":60,"#
                + #""retry_delay":{"initial":1,"factor":2,"max":300},"group_concurrency":4,"on_expire":"dead"}"#
        ])
        let output = try journal("dump").output
        for setting in [
            #""rate":2.5"#, #""burst":3"#, #""dead_letter":"lost""#, #""ttl":60"#, #""group_concurrency":4"#,
            #""retry_delay":{"initial":1,"factor":2,"max":300}"#, #""on_expire":"dead""#, #""max_attempts":0"#,
        ] {
            #expect(output.contains(setting), "\(setting) in \(output)")
        }
    }

    @Test func anExportHasWhatAStartWouldHave() throws {
        try write([
            #"{"op":"declare","queue":"keeps","on_expire":"dead"}"#,
            #"{"op":"declare","queue":"passing","temporary":true}"#,
            #"{"op":"send","queue":"passing","body":"of a connection"}"#,
            #"{"op":"send","queue":"jobs","body":"stays"}"#, #"{"op":"send","queue":"jobs","body":"goes","ttl":0.001}"#,
            #"{"op":"send","queue":"keeps","body":"dies","ttl":0.001}"#,
        ])
        let lines = try journal("export").output.split(separator: "\n")
        #expect(lines.count == 2, "\(lines)")
        #expect(lines.first?.contains(#""body":"stays""#) == true, "\(lines)")
        #expect(lines.last?.contains(#""state":"dead""#) == true, "\(lines)")
    }

    // MARK: Repair

    @Test(.enabled(if: SmallDisk.canBeMounted, "no file system can be mounted here (root can)"))
    func aRepairNeedsLittleSpace() throws {
        let disk = try SmallDisk(kilobytes: 512)
        let folder = JournalFolder(path: disk.path + "/data")
        let (daemon, port) = try folder.start()
        for number in 1...20 { #expect(try Telnet(port: port).say("send jobs \(number)").contains("ok")) }
        daemon.send(signal: SIGKILL)
        _ = try daemon.finish()
        let file = URL(filePath: try #require(try folder.segments.first))
        var bytes = try Data(contentsOf: file)
        bytes[400] ^= 1
        try bytes.write(to: file)
        #expect(try journal("check", folder.path).status == 74)
        let end = try journal("repair", folder.path)
        #expect(end.status == 0, "\(end)")
        #expect(try journal("check", folder.path).status == 0)
    }

    @Test func aRepairSaysWhatIsKeptAndWhereTheRestIs() throws {
        try write(["send jobs hello", "send jobs world"])
        try spoil { $0[8] ^= 2 }
        let end = try journal("repair")
        #expect(end.status == 0, "\(end)")
        let line = try #require(end.output.split(separator: "\n").first { $0.hasPrefix("repaired: ") })
        let words = " entries are kept; the old files are in \(folder.path)/journal/set-aside-2: "
        #expect(line.contains(words), "\(line)")
        #expect(FileManager.default.fileExists(atPath: folder.path + "/journal/set-aside-2/00000001.segment"))
    }

    @Test func aRepairThatKeepsNothingSaysSo() throws {
        try write(["send jobs hello"])
        try spoil { $0 = Data(repeating: 0xFF, count: $0.count) }
        let end = try journal("repair")
        #expect(end.status == 65, "\(end)")
        #expect(end.output.contains("repaired: 0 entries are kept"), "\(end)")
        #expect(end.output.hasSuffix("nothing at all was readable: a daemon would begin with an empty journal\n"))
        #expect(try journal("check").status == 0)
    }

    /// What bears the name of a segment and is none.
    @Test func aFolderInPlaceOfASegmentIsSetAside() throws {
        try write(["send jobs hello"])
        #expect(mkdir(folder.path + "/journal/00000002.segment", 0o700) == 0)
        let check = try journal("check")
        #expect(check.status == 74 && check.output.contains("00000002.segment: 0 entries"), "\(check)")
        #expect(try folder.startInVain().errors.contains("00000002.segment cannot be read at offset 0: Is a directory"))
        let end = try journal("repair")
        #expect(end.status == 0, "\(end)")
        #expect(try journal("export").output.contains("hello"))
        #expect(try journal("check").status == 0)
    }

    /// Changes the first segment.
    private func spoil(_ change: (inout Data) -> Void) throws {
        let file = URL(filePath: try #require(try folder.segments.first))
        var bytes = try Data(contentsOf: file)
        change(&bytes)
        try bytes.write(to: file)
    }

    // MARK: Other modes

    @Test func whatAnotherModeHasLeftIsMentioned() throws {
        try write(["send jobs hello"])
        let (daemon, _) = try DaemonProcess.listening(["--data-dir", folder.path])
        daemon.send(signal: SIGTERM)
        let end = try daemon.finish()
        #expect(end.status == 0)
        try FileManager.default.moveItem(atPath: folder.path + "/journal", toPath: folder.path + "/dump")
        for (mode, place) in [("none", "dump"), ("disk", "dump")] {
            let words = "what lies in \(folder.path)/\(place) is of another durability and not read"
            let daemon = try DaemonProcess([
                "--listen", "127.0.0.1:0", "--data-dir", folder.path, "--durability", mode,
            ])
            #expect(try daemon.waitForLog(words).hasPrefix("warning: "), "\(mode)")
        }
    }
}
