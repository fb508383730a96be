import ArgumentParser
import Testing

@testable import martlet_bench

@Suite struct OptionTests {
    private func run(_ arguments: String...) throws -> RunCommand {
        try #require(try MartletBench.parseAsRoot(arguments) as? RunCommand)
    }

    @Test func aScenarioAloneIsARun() throws {
        let command = try run("cycle", "-c", "16", "-d", "64", "--peer", "redis-list", "--rate", "1000")
        #expect(command.scenario == .cycle)
        #expect(command.peer == .redisList)
        #expect(command.options.rate == 1000)
        let shape = LoadShape(.cycle, command.options, for: .redisList)
        #expect(shape.connections == 16)
        #expect(shape.depth == 64)
    }

    @Test func whoHasNoBatchesGetsAsManyRequests() throws {
        let options = try run("batch", "-b", "32", "-d", "2").options
        let martlet = LoadShape(.batch, options, for: .martlet)
        let redis = LoadShape(.batch, options, for: .redisList)
        #expect((martlet.depth, martlet.batch) == (2, 32))
        #expect((redis.depth, redis.batch) == (64, 1))
    }

    @Test(arguments: [["cycle", "-c", "0"], ["cycle", "-s", "16"], ["nonsense"], ["compare", "cycle"]])
    func wrongUsageIsRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try MartletBench.parseAsRoot(arguments) }
    }

    @Test func addressesAreRead() {
        #expect(ServerAddress("[::1]:6278") == .internet(host: "::1", port: 6278))
        #expect(ServerAddress("unix:/run/m.sock") == .unix(path: "/run/m.sock"))
        #expect(ServerAddress("nowhere") == nil)
    }
}
