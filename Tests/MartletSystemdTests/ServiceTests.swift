import Foundation
import Testing

/// What the daemon tells a service manager; the real one is asked by `Tests/systemd/run`.
struct ServiceTests {
    private static let anyPort = ["--listen", "127.0.0.1:0"]

    @Test func tellsThatItIsReadyWithFigures() throws {
        let service = try Service(Self.anyPort, configuration: "{queues: {a: {}, b: {}}}")
        #expect(try service.notices.wait(for: "READY=1")[1] == "STATUS=2 queues, 0 ready, 0 connections, 0 msg/s")
    }

    /// Messages in memory, and no directory for a dump: nothing is looked for, nor taken away, where the daemon runs.
    @Test func withoutADirectoryNoDumpIsTakenAway() throws {
        let name = ".partial/somebody's"
        let service = try Service(Self.anyPort + ["--durability", "memory"], files: [name: "own"])
        _ = try service.notices.wait(for: "READY=1")
        #expect(FileManager.default.fileExists(atPath: "\(service.folder)/\(name)"))
    }

    @Test func tellsThatItDrains() throws {
        let service = try Service(Self.anyPort)
        _ = try service.notices.wait(for: "READY=1")
        service.send(signal: SIGTERM)
        let notice = try service.notices.wait(for: "STOPPING=1")
        #expect(notice[1].hasPrefix("STATUS=draining: "))
        #expect(service.finish().status == 0)
    }

    @Test func feedsTheWatchdog() throws {
        let service = try Service(Self.anyPort, environment: ["WATCHDOG_USEC": "200000"])
        for _ in 0..<3 { _ = try service.notices.wait(for: "WATCHDOG=1") }
    }

    @Test func aFailedStartTellsWhy() throws {
        let first = try Service([
            "--listen", "127.0.0.1:0", "--unix", NSTemporaryDirectory() + "/no/such/folder/socket",
        ])
        #expect(try first.notices.wait(for: "ERRNO=\(ENOENT)")[1].contains("/no/such/folder/socket"))
        #expect(first.finish().status == 73)
    }

    @Test func aMistakeInTheFileIsToldWithoutANumber() throws {
        let service = try Service([], configuration: "{max_lime: 1}")
        let notice = try service.notices.wait(
            for: "STATUS=\(service.folder)/c.json5:1: `max_lime` is no setting; did you mean `max_line`?"
        )
        #expect(notice.count == 1)
        #expect(service.finish().status == 78)
    }

    @Test func reloadIsWaitedFor() throws {
        let service = try Service(Self.anyPort)
        _ = try service.notices.wait(for: "READY=1")
        try service.configure("{queues: {new: {}}}")
        #expect(try service.reload().status == 0)
        let begin = try service.notices.wait(for: "RELOADING=1")
        #expect(begin[1].hasPrefix("MONOTONIC_USEC="))
        #expect(try service.notices.wait(for: "READY=1")[1] == "STATUS=configuration reloaded")
    }

    /// What `Type=notify-reload` of systemd 253 and later needs: it sends the signal, and takes the reload for its own
    /// if the instant is not before that of the signal.
    @Test(arguments: ["{max_body: 70001}", "{max_lime: 1}"])
    func aSignalReloadsAndBothEndsAreTold(configuration: String) throws {
        let service = try Service(Self.anyPort)
        _ = try service.notices.wait(for: "READY=1")
        try service.configure(configuration)
        let signalled = Self.monotonicMicroseconds
        service.send(signal: SIGHUP)
        let begin = try service.notices.wait(for: "RELOADING=1")
        let instant = try #require(begin[1].hasPrefix("MONOTONIC_USEC=") ? UInt64(begin[1].dropFirst(15)) : nil)
        #expect((signalled...Self.monotonicMicroseconds).contains(instant))
        _ = try service.notices.wait(for: "READY=1")
    }

    private static var monotonicMicroseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
    }

    @Test func aRefusedReloadSaysWhyAndChangesNothing() throws {
        let service = try Service(Self.anyPort)
        _ = try service.notices.wait(for: "READY=1")
        try service.configure("{max_line: true}")
        let reload = try service.reload()
        #expect(reload.status == 78)
        #expect(reload.errors.contains("`max_line`: expected a size"))
        #expect(try service.notices.wait(for: "READY=1")[1].hasPrefix("STATUS=not reloaded: "))
        service.send(signal: SIGTERM)
        #expect(service.finish().status == 0)
    }

    @Test func onlyItsUserMayAsk() throws {
        let service = try Service(Self.anyPort)
        _ = try service.notices.wait(for: "READY=1")
        let attributes = try FileManager.default.attributesOfItem(atPath: service.folder + "/control")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test func reloadWithoutADaemonFails() throws {
        let service = try Service(Self.anyPort)
        _ = try service.notices.wait(for: "READY=1")
        service.send(signal: SIGTERM)
        #expect(service.finish().status == 0)
        #expect(try service.reload().status == 69)
    }
}
