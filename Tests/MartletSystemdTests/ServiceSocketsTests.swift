import MartletServer
import Testing

@testable import martletd

struct ServiceSocketsTests {
    private let passed: [SocketAddress] = [
        .internet(host: "127.0.0.1", port: 6278), .internet(host: "::1", port: 6278), .unix(path: "/run/m.sock"),
    ]

    private func ignored(listen: [SocketAddress], unix: [String] = []) -> [String] {
        var configuration = Configuration()
        configuration.listen = listen
        configuration.unix = unix
        return ServiceSockets.others(in: configuration, passed: passed).flatMap { setting in
            setting.addresses.map { "\(setting.key) \($0)" }
        }
    }

    @Test func anAddressThatTheSocketUnitHasNotIsNamed() {
        let wanted: [SocketAddress] = [.internet(host: "::1", port: 6278), .internet(host: "0.0.0.0", port: 6278)]
        #expect(ignored(listen: wanted) == ["listen 0.0.0.0:6278"])
        #expect(
            ignored(listen: wanted, unix: ["/run/m.sock", "/tmp/x"]) == ["listen 0.0.0.0:6278", "unix unix:/tmp/x"]
        )
    }

    @Test func theDefaultIsNoWish() {
        let elsewhere: [SocketAddress] = [.internet(host: "192.0.2.1", port: 6278)]
        #expect(ServiceSockets.others(in: Configuration(), passed: elsewhere).isEmpty)
    }
}
