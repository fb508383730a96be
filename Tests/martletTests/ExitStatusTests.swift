import Foundation
import Testing

/// What goes wrong has an exit code that scripts can rely on, and one line for people.
@Suite struct ExitStatusTests {
    func run(_ arguments: String..., server: String = "unix:/nonexistent") throws -> Outcome {
        try CommandProcess(arguments, server: server).finish()
    }

    @Test func nobodyListens() throws {
        let port = try UnusedPort()
        let outcome = try run("ping", server: port.address)
        #expect(outcome.status == 69)
        #expect(
            outcome.errors == "martlet: cannot connect to \(port.address): connection refused: is martletd running?\n"
        )
        #expect(try run("ping", "--server", "unix:/nonexistent", server: port.address).status == 69)
        #expect(try run("receive", "q", "--follow").status == 69)
    }

    @Test func wrongUsage() throws {
        #expect(try run("nonsense").status == 64)
        #expect(try run("send").status == 64)
        #expect(try run("send", "q", "x", "--delay", "soon").status == 64)
        #expect(try run("delete", "q").status == 64)
        #expect(try run("receive", "q", "--follow", "--wait", "1").status == 64)
        for option in ["--rate=nan", "--rate=inf", "--retry-factor=inf"] {
            #expect(try run("declare", "q", "--retry-delay", "1", option).status == 64)
        }
        #expect(try run("receive", "q", "--jobs", "4").status == 64)
        #expect(try run("receive", "q", "--release-delay", "4").status == 64)
        #expect(try run("stats", "--interval", "4").status == 64)
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

/// A port on which nobody listens, and which nobody else can take while the value lives.
final class UnusedPort {
    private let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    let address: String

    init() throws {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let status = withUnsafeMutablePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) | getsockname(descriptor, address, &length)
            }
        }
        try #require(status == 0)
        address = "127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
    }

    deinit { close(descriptor) }
}
