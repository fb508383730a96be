import Foundation
import Testing

/// `durability: memory` over `systemctl stop`: everything is in the dump, and the next start reads it.
struct DumpTests {
    private let folder: JournalFolder
    private let store: ForgetfulStore

    init() throws {
        folder = try JournalFolder()
        store = try ForgetfulStore(in: folder.path)
    }

    private var directory: String { folder.path + "/data" }
    private var dump: String { directory + "/dump" }

    private func start(_ arguments: [String] = []) throws -> (daemon: DaemonProcess, port: UInt16) {
        try DaemonProcess.listening(self.arguments + arguments, environment: environment)
    }

    private let anyPort = ["--listen", "127.0.0.1:0"]
    private var arguments: [String] { ["--durability", "memory", "--data-dir", directory] }
    private var environment: [String: String] { ["NOTIFY_SOCKET": store.path, "MARTLET_SEGMENT_SIZE": "64K"] }

    /// A daemon that was started anew says what is ready in a queue.
    private func ready(_ queue: String) throws -> String {
        let (daemon, port) = try start()
        defer { daemon.send(signal: SIGKILL) }
        return try Telnet(port: port).say("receive \(queue)")
    }

    @Test func aReloadDecidesWhetherThereIsADump() throws {
        let file = try TemporaryFile("{dump_on_stop: false}")
        for decision in ["true", "false"] {
            let (daemon, port) = try start(["--config", file.path])
            #expect(try Telnet(port: port).say("send q kept").contains("ok"))
            try file.write("{dump_on_stop: \(decision)}")
            daemon.send(signal: SIGHUP)
            _ = try daemon.waitForLog("configuration reloaded")
            daemon.send(signal: SIGTERM)
            #expect(try daemon.finish().status == 0)
            #expect(FileManager.default.fileExists(atPath: dump) == (decision == "true"))
        }
    }

    /// One connection does not read what it is owed, so that the daemon would wait for it.
    @Test(arguments: [SIGTERM, SIGINT])
    func aSecondSignalIsNoEndWithoutADump(signal: Int32) throws {
        let file = try TemporaryFile("{drain_timeout: 3600}")
        let (daemon, port) = try start(["--config", file.path])
        let telnet = try Telnet(port: port)
        let body = String(repeating: "x", count: 1_000_000)
        #expect(try telnet.say("send q \(body)").contains("ok"))
        telnet.mutter(String(repeating: "peek q\n", count: 20))
        daemon.send(signal: signal)
        _ = try daemon.waitForLog("draining")
        daemon.send(signal: signal)
        daemon.send(signal: signal)
        let end = try daemon.finish()
        #expect(end.status == 0)
        #expect(end.errors.contains("dumped to \(dump)"), "\(end.errors)")
        #expect(try ready("q").contains(body))
    }

    @Test func twoDaemonsDoNotDumpToOneDirectory() throws {
        let (first, _) = try start()
        let end = try DaemonProcess(anyPort + arguments, environment: environment).finish()
        #expect(end.status == 74)
        #expect(end.errors.contains("martletd: \(directory) is in use by process "), "\(end.errors)")
        first.send(signal: SIGKILL)
        _ = try first.finish()
        withExtendedLifetime(try start()) {}
    }

    @Test(.enabled(if: SmallDisk.canBeMounted, "no file system can be mounted here (root can)"))
    func aDumpTakesLittleMoreThanWhatIsInIt() throws {
        let disk = try SmallDisk(kilobytes: 512)
        mkdir(directory, 0o700)
        try #require(mount(disk.path, directory, nil, UInt(MS_BIND), nil) == 0)
        defer { umount2(directory, Int32(MNT_DETACH)) }
        let (daemon, port) = try start()
        #expect(try Telnet(port: port).say("send q kept").contains("ok"))
        daemon.send(signal: SIGTERM)
        let end = try daemon.finish()
        #expect(end.errors.contains("dumped to \(dump)"), "\(end.errors)")
        #expect(try ready("q").contains("kept"))
    }

    /// Until it is repaired, no start goes on without it, and the message says what is to be repaired.
    @Test func aDamagedDumpIsNamedAndCanBeRepaired() throws {
        let (daemon, port) = try start()
        let telnet = try Telnet(port: port)
        let body = String(repeating: "x", count: 100)
        for _ in 1...500 { #expect(try telnet.say("send q \(body)").contains(#""ok":true"#)) }
        daemon.send(signal: SIGTERM)
        #expect(try daemon.finish().status == 0)
        let file = URL(filePath: dump + "/00000001.segment")
        var bytes = try Data(contentsOf: file)
        bytes[10_000] ^= 1
        try bytes.write(to: file)
        for _ in 1...2 {
            let end = try DaemonProcess(anyPort + arguments, environment: environment).finish()
            #expect(end.status == 74)
            #expect(end.errors.contains("the dump in \(dump).moving: 00000001.segment is damaged"), "\(end.errors)")
        }
        let repair = try DaemonProcess(["journal", "repair", dump + ".moving"]).finish()
        #expect(repair.status == 0, "\(repair)")
        let (next, newPort) = try start()
        let answer = try Telnet(port: newPort).say(#"{"op":"peek","queue":"q","max":1000}"#)
        let left = answer.split(separator: body).count - 1
        #expect((400..<500).contains(left))
        withExtendedLifetime(next) {}
    }

    /// As where the service's user may not enter the directory: what is in a dump there must not be passed over.
    @Test func aDumpThatCannotBeLookedForIsNoAbsentDump() throws {
        try FileManager.default.createSymbolicLink(atPath: directory, withDestinationPath: directory)
        let end = try DaemonProcess(anyPort + arguments, environment: environment).finish()
        #expect(end.status == 74)
        #expect(end.errors.contains("it cannot be told whether there is a dump"), "\(end.errors)")
    }

    @Test(arguments: [true, false])
    func thatNoDumpCanBeWrittenIsSaidAtTheStart(dumpsOnStop: Bool) throws {
        let file = try TemporaryFile("{dump_on_stop: \(dumpsOnStop), durability: 'memory', data_dir: '\(directory)/x'}")
        let all = anyPort + ["--config", file.path]
        let daemon = try DaemonProcess(all, environment: environment)
        let said = try daemon.waitForLog(dumpsOnStop ? "no dump can be written" : "ready")
        #expect(said.contains("\(directory)/x cannot be made: No such file or directory") == dumpsOnStop, "\(said)")
        if dumpsOnStop { _ = try daemon.waitForLog("ready") }
        daemon.send(signal: SIGTERM)
        let end = try daemon.finish()
        #expect(end.status == 0)
        #expect(end.errors.contains("the dump to \(directory)/x/dump has failed") == dumpsOnStop, "\(end.errors)")
    }

    @Test func damagedMemoryIsNoFileAndTheAdviceKnows() throws {
        let file = try TemporaryFile("this was a segment once, and somebody has written over it")
        let script =
            "exec 3<'\(file.path)'; export LISTEN_FDS=1 LISTEN_FDNAMES=martlet-journal-1-00000001 LISTEN_PID=$$; "
            + "exec \"$@\""
        let end = try DaemonProcess(anyPort + arguments, environment: environment, shell: script).finish()
        #expect(end.status == 74)
        #expect(end.errors.contains("the service manager's store: 00000001.segment is damaged"), "\(end.errors)")
        #expect(end.errors.contains("`systemctl stop` drops all of it"), "\(end.errors)")
        #expect(!end.errors.contains("martletd journal"), "\(end.errors)")
    }
}
