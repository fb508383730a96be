import Testing

@testable import martlet_bench

/// Replies of each kind of server, as they come.
@Suite struct ReplyTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let peer: Peer
        let text: String
        let kind: Reply.Kind
        var handles: [String] = []

        var testDescription: String { "\(peer.rawValue): \(text)" }
    }

    static let examples = [
        Example(peer: .martlet, text: "{\"ok\":true,\"id\":17}\n", kind: .confirmed),
        Example(peer: .martlet, text: "{\"ok\":true,\"deleted\":1}\n", kind: .confirmed),
        Example(peer: .martlet, text: "{\"ok\":true,\"messages\":[]}\n", kind: .empty),
        Example(
            peer: .martlet,
            text: "{\"ok\":true,\"messages\":[{\"id\":17,\"receipt\":\"a\",\"body\":\"x\"},{\"id\":8,\"body\":{}}]}\n",
            kind: .delivered,
            handles: ["17", "8"]
        ),
        Example(
            peer: .martlet,
            text: "{\"event\":\"message\",\"subscription\":1,\"queue\":\"q\",\"id\":9,\"body\":\"x\"}\n",
            kind: .delivered,
            handles: ["9"]
        ),
        Example(peer: .martlet, text: "{\"ok\":false,\"error\":\"no_queue\"}\n", kind: .refused),
        Example(peer: .echo, text: "{\"op\":\"send\",\"queue\":\"q\",\"body\":\"x\"}\n", kind: .confirmed),
        Example(peer: .echo, text: "{\"op\":\"receive\",\"queue\":\"q\"}\n", kind: .delivered, handles: ["1"]),
        Example(
            peer: .echo,
            text: "{\"op\":\"receive\",\"queue\":\"q\",\"max\":3}\n",
            kind: .delivered,
            handles: ["1", "1", "1"]
        ),
        Example(peer: .beanstalkd, text: "INSERTED 5\r\n", kind: .confirmed),
        Example(peer: .beanstalkd, text: "RESERVED 12 3\r\nxyz\r\n", kind: .delivered, handles: ["12"]),
        Example(peer: .beanstalkd, text: "TIMED_OUT\r\n", kind: .empty),
        Example(peer: .beanstalkd, text: "NOT_FOUND\r\n", kind: .refused),
        Example(peer: .redisList, text: ":1\r\n", kind: .confirmed),
        Example(peer: .redisList, text: "$3\r\nxyz\r\n", kind: .delivered, handles: ["$3\r\nxyz\r\n"]),
        Example(peer: .redisList, text: "$-1\r\n", kind: .empty),
        Example(peer: .redisList, text: "-ERR no\r\n", kind: .refused),
        Example(peer: .redisStream, text: "$3\r\n1-0\r\n", kind: .confirmed),
        Example(
            peer: .redisStream,
            text: "*1\r\n*2\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-0\r\n*2\r\n$1\r\nb\r\n$3\r\nxyz\r\n",
            kind: .delivered,
            handles: ["$3\r\n1-0\r\n"]
        ),
        Example(peer: .redisStream, text: "*-1\r\n", kind: .empty),
        Example(peer: .nats, text: "PONG\r\n", kind: .confirmed),
        Example(peer: .nats, text: "PING\r\n", kind: .keepalive),
        Example(peer: .nats, text: "INFO {}\r\n", kind: .noise),
        Example(peer: .nats, text: "-ERR 'no'\r\n", kind: .refused),
        Example(peer: .nats, text: "MSG i.0.p 1  12\r\n{\"seq\":1234}\r\n", kind: .confirmed),
        Example(peer: .nats, text: "MSG i.0.s 1  12\r\n{\"error\":{}}\r\n", kind: .refused),
        Example(peer: .nats, text: "MSG s.q 1 $JS.ACK.7 3\r\nxyz\r\n", kind: .delivered, handles: ["$JS.ACK.7"]),
        Example(peer: .nats, text: "HMSG i.0.m 1  16 16\r\nNATS/1.0 404\r\n\r\n\r\n", kind: .empty),
    ]

    @Test(arguments: examples)
    func isReadWholeAndNoFurther(_ example: Example) {
        let expected = Scripted(example.kind, example.text.utf8.count, example.handles)
        #expect(Scripted(example.peer, example.text) == expected)
        #expect(Scripted(example.peer, example.text + example.text) == expected)
    }

    @Test(arguments: examples)
    func waitsForWhatIsMissing(_ example: Example) {
        let bytes = Array(example.text.utf8)
        for length in 0..<bytes.count where length > 0 {
            let part = String(decoding: bytes[..<length], as: UTF8.self)
            #expect(Scripted(example.peer, part) == Scripted(.incomplete, 0))
        }
    }
}
