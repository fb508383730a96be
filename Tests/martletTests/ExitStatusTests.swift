import Foundation
import Testing

/// What goes wrong has an exit code that scripts can rely on, and one line for people.
@Suite struct ExitStatusTests {
    func run(_ arguments: String..., server: String = "127.0.0.1:1") throws -> Outcome {
        try CommandProcess(arguments, server: server).finish()
    }

    @Test func nobodyListens() throws {
        let outcome = try run("ping")
        #expect(outcome.status == 69)
        #expect(outcome.errors == "martlet: cannot connect to 127.0.0.1:1: connection refused: is martletd running?\n")
        #expect(try run("ping", "--server", "unix:/nonexistent").status == 69)
        #expect(try run("receive", "q", "--follow").status == 69)
    }

    @Test func wrongUsage() throws {
        #expect(try run("nonsense").status == 64)
        #expect(try run("send").status == 64)
        #expect(try run("send", "q", "x", "--delay", "soon").status == 64)
        #expect(try run("delete", "q").status == 64)
        #expect(try run("receive", "q", "--follow", "--wait", "1").status == 64)
        #expect(try run("top").status == 69)
        let address = try run("ping", server: "nowhere:0")
        #expect(address.status == 64)
        #expect(address.errors.contains("expected HOST:PORT, [IPV6]:PORT or unix:PATH"))
    }

    @Test func helpNamesTheExitCodes() throws {
        let help = try run("--help").output.replacing("\n", with: " ")
        for code in [
            "0 done", "1 the broker refused", "2 nothing", "64 wrong usage", "69 no broker", "75 the connection",
        ] {
            #expect(help.contains(code))
        }
    }

    @Test func whatCannotBeReadOrSent() throws {
        let broker = try TestBroker()
        #expect(try broker.run("send", "q", "--lines", "/nonexistent").status == 66)
        #expect(try broker.run("send", "q", "--json", "{bad").status == 65)
        #expect(try broker.run("send", "q!", "x").status == 1)
    }
}
