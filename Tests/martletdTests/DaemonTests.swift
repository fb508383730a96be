import Glibc
import Testing

/// The real daemon from the outside: start, configuration, signals, end.
struct DaemonTests {
    @Test func servesAndEndsInOrder() throws {
        let (daemon, port) = try DaemonProcess.listening()
        let telnet = try Telnet(port: port)
        #expect(try telnet.say("ping").hasPrefix(#"{"ok":true,"now":"#))
        daemon.send(signal: SIGTERM)
        let end = try daemon.finish()
        #expect(end.status == 0)
        #expect(end.errors.hasSuffix("info: stopped\n"))
        #expect(telnet.hear() == nil)
    }

    @Test func interruptEndsItAsWell() throws {
        let (daemon, _) = try DaemonProcess.listening()
        daemon.send(signal: SIGINT)
        #expect(try daemon.finish().status == 0)
    }

    @Test func servesUnixSocketsAndRemovesThem() throws {
        let file = try TemporaryFile()
        let path = file.directory + "/socket"
        let (daemon, _) = try DaemonProcess.listening(["--unix", path])
        _ = try daemon.waitForLog("listening on unix:\(path)")
        #expect(try Telnet(path: path).say("ping").contains("now"))
        daemon.send(signal: SIGTERM)
        #expect(try daemon.finish().status == 0)
        #expect(access(path, F_OK) != 0)
    }

    @Test func tellsItsVersion() throws {
        let end = try DaemonProcess(["--version"]).finish()
        #expect(end.status == 0)
        #expect(end.output == "0.1.0\n")
    }

    @Test func helpNamesEveryOption() throws {
        let help = try DaemonProcess(["--help"]).finish().output
        for option in [
            "config", "listen", "unix", "io-threads", "memory-limit", "max-line", "max-body", "max-connections",
            "log-level", "check-config", "version",
        ] {
            #expect(help.contains("--\(option)"))
        }
    }

    // MARK: Mistakes

    @Test func anAddressInUseHasItsOwnExitCode() throws {
        let (first, port) = try DaemonProcess.listening()
        let end = try DaemonProcess(["--listen", "127.0.0.1:\(port)"]).finish()
        #expect(end.status == 69)
        #expect(end.errors.contains("martletd: cannot listen on 127.0.0.1:\(port): the address is in use\n"))
        withExtendedLifetime(first) {}
    }

    @Test(arguments: [["--nonsense"], ["--max-line", "huge"], ["--listen", "nowhere"], ["stray"]])
    func wrongOptionsAreUsageErrors(arguments: [String]) throws {
        let end = try DaemonProcess(arguments).finish()
        #expect(end.status == 64)
        #expect(!end.errors.isEmpty)
    }

    @Test func aWrongFileIsAConfigurationError() throws {
        let file = try TemporaryFile("{\n  max_lin: 5,\n}")
        let end = try DaemonProcess(["--config", file.path, "--check-config"]).finish()
        #expect(end.status == 78)
        #expect(end.errors == "martletd: \(file.path):2: `max_lin` is no setting; did you mean `max_line`?\n")
    }

    @Test func aMissingFileIsAConfigurationError() throws {
        let end = try DaemonProcess(["--config", "/nonexistent/martletd.json5"]).finish()
        #expect(end.status == 78)
        #expect(end.errors.contains("/nonexistent/martletd.json5: cannot be read: No such file or directory"))
    }

    @Test func aDirectoryIsNoFile() throws {
        let end = try DaemonProcess(["--config", "/tmp"]).finish()
        #expect(end.status == 78)
        #expect(end.errors == "martletd: /tmp: cannot be read: Is a directory\n")
    }

    @Test func aWrongEnvironmentIsAConfigurationError() throws {
        let end = try DaemonProcess([], environment: ["MARTLET_MAX_CONNECTIONS": "0"]).finish()
        #expect(end.status == 78)
        #expect(end.errors.hasPrefix("martletd: MARTLET_MAX_CONNECTIONS: expected an integer from 1 to"))
    }

    @Test func aRightConfigurationIsSaidToBe() throws {
        let file = try TemporaryFile("{queues: {'jobs.mail': {lease: 60}}}")
        let end = try DaemonProcess(["--config", file.path, "--check-config"]).finish()
        #expect(end.status == 0)
        #expect(end.output == "ok\n")
    }

    @Test func aConfigurationWithDoubtsIsRight() throws {
        let file = try TemporaryFile("{durability: 'disk', bindings: [{queue: 'q', topic: 't'}]}")
        let environment = ["MARTLET_MAX_LIN": "1"]
        let end = try DaemonProcess(["--config", file.path, "--check-config"], environment: environment).finish()
        #expect(end.status == 0)
        #expect(end.output == "ok\n")
        let warnings = end.errors.split(separator: "\n")
        #expect(warnings.allSatisfy { $0.hasPrefix("martletd: warning: ") })
        for (warning, word) in zip(warnings, ["MARTLET_MAX_LINE", "data_dir", "`q`"]) {
            #expect(warning.contains(word))
        }
        #expect(warnings.count == 3)
    }

    @Test(arguments: ["disk", "memory"])
    func aDurabilityThatCannotBeIsAConfigurationError(mode: String) throws {
        let end = try DaemonProcess(["--durability", mode]).finish()
        #expect(end.status == 78)
        #expect(end.errors.hasPrefix("martletd: --durability: \(mode) needs a "))
    }

    @Test func somethingElseWhereTheSocketIsToBeIsNoAddressInUse() throws {
        let file = try TemporaryFile("")
        let end = try DaemonProcess(["--unix", file.path]).finish()
        #expect(end.status == 73)
        #expect(end.errors.contains("\(file.path) is there and is no socket"))
    }

    @Test func anUndeclaredQueueOfABindingIsLoggedInWords() throws {
        let file = try TemporaryFile("{bindings: [{queue: 'q', topic: 't'}]}")
        let daemon = try DaemonProcess(
            ["--config", file.path, "--listen", "127.0.0.1:0"],
            environment: ["MARTLET_QUEU": "1"]
        )
        #expect(try daemon.waitForLog("MARTLET_QUEU ").hasPrefix("warning: "))
        #expect(try daemon.waitForLog("could not be declared").hasSuffix("declared: there is no queue q"))
    }

    // MARK: Configuration in force

    @Test func queuesAndDefaultsAreAsConfigured() throws {
        let file = try TemporaryFile(
            "{queues: {declared: {lease: 7}}, queue_defaults: {'jobs.*': {lease: 60, max_attempts: 5}}, "
                + "bindings: [{queue: 'declared', topic: 'a.*'}]}"
        )
        let (daemon, port) = try DaemonProcess.listening(["--config", file.path])
        let telnet = try Telnet(port: port)
        #expect(try telnet.say(#"{"op":"declare","queue":"declared"}"#).contains(#""created":false"#))
        #expect(try telnet.say(#"{"op":"declare","queue":"declared"}"#).contains(#""lease":7"#))
        #expect(try telnet.say("publish a.b hello").contains(#""routed":1"#))
        _ = try telnet.say("send jobs.x hello")
        #expect(try telnet.say(#"{"op":"declare","queue":"jobs.x"}"#).contains(#""max_attempts":5"#))
        withExtendedLifetime(daemon) {}
    }

    @Test func theEnvironmentCounts() throws {
        let (daemon, port) = try DaemonProcess.listening(environment: ["MARTLET_MAX_BODY": "10"])
        let telnet = try Telnet(port: port)
        #expect(try telnet.say("send q 12345678").contains(#""ok":true"#))
        #expect(try telnet.say("send q 123456789").contains("too_large"))
        withExtendedLifetime(daemon) {}
    }

    @Test func reloadChangesWhatCanChange() throws {
        let file = try TemporaryFile("{max_body: 10}")
        let (daemon, port) = try DaemonProcess.listening(["--config", file.path])
        let telnet = try Telnet(port: port)
        #expect(try telnet.say("send q 123456789").contains("too_large"))
        try file.write("{max_body: 100, io_threads: 2, queues: {late: {lease: 9}}}")
        daemon.send(signal: SIGHUP)
        #expect(try daemon.waitForLog("`io_threads`").hasPrefix("warning: "))
        _ = try daemon.waitForLog("configuration reloaded")
        #expect(try telnet.say(#"{"op":"declare","queue":"late"}"#).contains(#""lease":9"#))
        // The loop heeds new limits from its next turn on, and the reload has roused it.
        _ = try telnet.say("ping")
        #expect(try telnet.say("send q 123456789").contains(#""ok":true"#))
    }

    @Test func aBrokenFileChangesNothing() throws {
        let file = try TemporaryFile("{max_body: 10}")
        let (daemon, port) = try DaemonProcess.listening(["--config", file.path])
        let telnet = try Telnet(port: port)
        try file.write("{max_body: 100, max_lin: 1}")
        daemon.send(signal: SIGHUP)
        #expect(try daemon.waitForLog("not reloaded").contains("did you mean `max_line`"))
        _ = try telnet.say("ping")
        #expect(try telnet.say("send q 123456789").contains("too_large"))
    }

    // MARK: Trouble

    /// Some are kept for the journal.
    @Test func noMoreAreLetInThanThereAreDescriptorsFor() throws {
        let (daemon, port) = try DaemonProcess.listening(descriptors: 60)
        var peers: [Telnet] = []
        for _ in 0..<12 {
            peers.append(try Telnet(port: port))
            #expect(try peers[peers.count - 1].say("ping").contains("now"))
        }
        #expect(try Telnet(port: port).say("ping").contains("there are already 12 connections"))
        #expect(try peers[0].say("ping").contains("now"))
        withExtendedLifetime(daemon) {}
    }

    @Test func runningOutOfDescriptorsHarmsNobodyWhoIsIn() throws {
        let (daemon, port) = try DaemonProcess.listening()
        try daemon.limit(descriptors: 24)
        var peers = [try Telnet(port: port)]
        #expect(try peers[0].say("ping").contains("now"))
        for _ in 0..<30 { peers.append(try Telnet(port: port)) }
        #expect(try daemon.waitForLog("accepting no connections").contains("Too many open files"))
        #expect(try peers[0].say("ping").contains("now"))
        let waiting = peers.removeLast()
        // Those who are in go; those who wait are let in.
        peers = []
        _ = try daemon.waitForLog("accepting connections again")
        #expect(try waiting.say("ping").contains("now"))
    }

    @Test func drainingIsBounded() throws {
        let file = try TemporaryFile("{drain_timeout: 0.1}")
        let (daemon, port) = try DaemonProcess.listening(["--config", file.path])
        let telnet = try Telnet(port: port)
        let body = String(repeating: "x", count: 1_000_000)
        _ = try telnet.say("send q \(body)")
        // Replies of many megabytes that nobody reads.
        telnet.mutter(String(repeating: "peek q\n", count: 20))
        daemon.send(signal: SIGTERM)
        #expect(try daemon.finish().status == 0)
    }
}
