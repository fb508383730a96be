import Testing

@testable import MartletClient

@Suite struct ServerAddressTests {
    @Test(arguments: [
        ("127.0.0.1:7000", ServerAddress.network(host: "127.0.0.1", port: 7000)),
        ("broker.example", .network(host: "broker.example", port: 6278)),
        ("broker.example:1", .network(host: "broker.example", port: 1)),
        ("[::1]:6279", .network(host: "::1", port: 6279)),
        ("[::1]", .network(host: "::1", port: 6278)),
        ("::1", .network(host: "::1", port: 6278)),
        ("unix:/run/martlet.sock", .unix(path: "/run/martlet.sock")),
    ])
    func reads(text: String, address: ServerAddress) throws {
        #expect(try ServerAddress(text) == address)
    }

    @Test(arguments: ["", ":6278", "host:", "host:0", "host:70000", "host:x", "[::1", "[::1]6278", "[]:1", "unix:"])
    func refuses(text: String) {
        #expect(throws: AddressError(text: text)) { try ServerAddress(text) }
    }

    @Test func aPathThatDoesNotFitIsRefused() {
        #expect(throws: AddressError.self) { try ServerAddress("unix:/" + String(repeating: "x", count: 107)) }
    }

    @Test(arguments: ["127.0.0.1:7000", "[::1]:6279", "unix:/run/martlet.sock"])
    func isWrittenAsItIsRead(text: String) throws {
        #expect(try ServerAddress(text).description == text)
    }
}
