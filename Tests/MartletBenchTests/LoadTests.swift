import Glibc
import Testing

@testable import martlet_bench

/// Whole runs, against the echo.
@Suite struct LoadTests {
    /// An echo on a port of its own, as long as the process lasts.
    private func echo() throws -> Target {
        let server = try EchoServer(host: "127.0.0.1", port: 0)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(server).toOpaque()
        let result = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                // It ends with the process.
                try? Unmanaged<EchoServer>.fromOpaque(context).takeUnretainedValue().serve()
                return nil
            },
            context
        )
        try #require(result == 0)
        return Target(.echo, address: .internet(host: "127.0.0.1", port: server.port), processID: nil)
    }

    private func options(_ arguments: String...) throws -> LoadOptions {
        try LoadOptions.parse(arguments + ["-t", "0.05", "--warm-up", "0"])
    }

    @Test(arguments: [Scenario.cycle, .batch, .fanOut, .pipeline, .idle])
    func aScenarioCountsWhatItDoes(_ scenario: Scenario) throws {
        let options = try options("-c", "3", "-d", "4")
        let measurements = try scenario.run(on: try echo(), options, prefix: "t-")
        let measurement = try #require(measurements.first)
        if scenario == .idle {
            #expect(measurement.figure("busy_seconds") != nil)
        } else {
            #expect(try #require(measurement.figure("messages_per_second")).value > 0)
            #expect(measurement.figure("refused")?.value == 0)
        }
    }

    @Test func anOpenLoopKeepsItsRateWhereTheServerIsQuick() throws {
        let options = try LoadOptions.parse(["-c", "2", "--rate", "400", "-t", "0.5", "--warm-up", "0"])
        let measurement = try Scenario.cycle.run(on: try echo(), options, prefix: "t-")[0]
        // Never more than is due; how much less depends on how busy the machine is.
        let rate = try #require(measurement.figure("messages_per_second")).value
        #expect(rate > 0 && rate <= 410)
    }

    @Test func severalThreadsShareTheConnections() throws {
        let measurement = try Scenario.cycle.run(on: try echo(), try options("-c", "4", "--threads", "2"), prefix: "t-")
        #expect(try #require(measurement[0].figure("messages_per_second")).value > 0)
    }

    @Test func theCPUTimeAndMemoryAreThoseOfWhoListens() throws {
        let target = try echo()
        let process = try #require(target.process)
        #expect(process.identifier == Int(getpid()))
        #expect(try #require(process.cpuTime) > 0)
        #expect(try #require(process.residentBytes) > 1_000_000)
    }

    @Test func howBusyBothSidesWereIsSaid() throws {
        let measurement = try Scenario.cycle.run(on: try echo(), try options("-c", "4"), prefix: "t-")[0]
        // Load and server are one process here: the CPU time of both is that of all its threads.
        for key in ["server_busy", "load_busy"] {
            #expect(try #require(measurement.figure(key)).value > 0.01)
        }
        let unknown = Measurement("x", Tally(), seconds: 1, ProcessorUse(nil), residentBytes: nil)
        #expect(unknown.figure("server_busy") == nil)
    }

    @Test func whatCannotBeComparedIsSaid() throws {
        let target = Target(.redisList, address: .internet(host: "127.0.0.1", port: 1), processID: nil)
        let options = try options()
        #expect(throws: LoadError.self) { try Scenario.mixed.run(on: target, options, prefix: "t-") }
    }
}
