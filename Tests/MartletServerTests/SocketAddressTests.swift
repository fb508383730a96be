import MartletServer
import Testing

struct SocketAddressTests {
    @Test(arguments: ["127.0.0.1:6278", "[::1]:0", "localhost:65535"])
    func readsAndWrites(text: String) { #expect(SocketAddress(hostAndPort: text)?.description == text) }

    @Test(arguments: [
        "", "6278", "127.0.0.1", "127.0.0.1:", ":6278", "::1:6278", "a:65536", "a:-1", "a b:1", "[]:1", "a:1x",
    ])
    func refuses(text: String) { #expect(SocketAddress(hostAndPort: text) == nil) }
}
