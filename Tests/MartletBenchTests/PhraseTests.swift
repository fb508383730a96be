import Testing

@testable import martlet_bench

/// What is said to each kind of server.
@Suite struct PhraseTests {
    private func text(_ write: (OutputBuffer) -> Void) -> String {
        let output = OutputBuffer()
        write(output)
        return String(decoding: output.pending, as: UTF8.self)
    }

    private func settle(_ peer: Peer, _ handles: [String], batch: Int = 1) -> String {
        let kept = Handles()
        for handle in handles { Array(handle.utf8).withUnsafeBytes { kept.append($0) } }
        let phrases = peer.phrases(for: Speaker(connection: 3, queues: ["q"], bodySize: 20, batch: batch))
        return text { phrases.deletes[0].write(kept, 0..<kept.count, to: $0) }
    }

    private func send(_ peer: Peer, _ speaker: Speaker) -> String {
        text { $0.append(peer.phrases(for: speaker).sends[0], stamp: 0x0123_4567_89ab_cdef) }
    }

    @Test func aSendCarriesItsStamp() {
        let body = "@0123456789abcdefxxx"
        let speaker = Speaker(connection: 3, queues: ["q"], bodySize: 20)
        #expect(send(.martlet, speaker) == "{\"op\":\"send\",\"queue\":\"q\",\"body\":\"\(body)\"}\n")
        #expect(send(.beanstalkd, speaker) == "put 5 0 60 20\r\n\(body)\r\n")
        #expect(send(.redisList, speaker) == "*3\r\n$5\r\nLPUSH\r\n$1\r\nq\r\n$20\r\n\(body)\r\n")
        #expect(send(.nats, speaker) == "PUB s.q i.3.p 20\r\n\(body)\r\n")
    }

    @Test func everyMessageOfABatchIsStamped() {
        let line = send(.martlet, Speaker(queues: ["q"], bodySize: 17, batch: 2))
        let message = "{\"body\":\"@0123456789abcdef\"}"
        #expect(line == "{\"op\":\"send\",\"queue\":\"q\",\"messages\":[\(message),\(message)]}\n")
    }

    @Test func aMessageIsDeletedByItsHandle() {
        #expect(settle(.martlet, ["17"]) == "{\"op\":\"delete\",\"queue\":\"q\",\"id\":17}\n")
        #expect(settle(.martlet, ["17", "8"], batch: 2) == "{\"op\":\"delete\",\"queue\":\"q\",\"ids\":[17,8]}\n")
        #expect(settle(.beanstalkd, ["12"]) == "delete 12\r\n")
        #expect(settle(.nats, ["$JS.ACK.7"]) == "PUB $JS.ACK.7 i.3.a 4\r\n+ACK\r\n")
        #expect(
            settle(.redisList, ["$3\r\nxyz\r\n"])
                == "*4\r\n$4\r\nLREM\r\n$6\r\nq-work\r\n$2\r\n-1\r\n$3\r\nxyz\r\n"
        )
        #expect(
            settle(.redisStream, ["$3\r\n1-0\r\n"])
                == "*4\r\n$4\r\nXACK\r\n$1\r\nq\r\n$2\r\ng0\r\n$3\r\n1-0\r\n"
                + "*3\r\n$4\r\nXDEL\r\n$1\r\nq\r\n$3\r\n1-0\r\n"
        )
    }

    @Test func aStampIsFoundAgain() {
        let line = Array(send(.martlet, Speaker(queues: ["q"], bodySize: 20)).utf8)
        #expect(line.withUnsafeBytes { Stamp.find(in: $0) } == 0x0123_4567_89ab_cdef)
        #expect(Array("no stamp @12".utf8).withUnsafeBytes { Stamp.find(in: $0) } == nil)
    }
}
