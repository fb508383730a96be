import Foundation
import Testing

@Suite struct SendAndReceiveTests {
    let broker: TestBroker

    init() throws {
        broker = try TestBroker()
    }

    @Test func aTextComesBack() throws {
        #expect(try broker.run("send", "q", "hello", "there").output == "1\n")
        #expect(try broker.run("send", "q", input: "from\nstdin").output == "2\n")
        #expect(try broker.run("receive", "q").output == "hello there\n")
        #expect(try broker.run("receive", "q").output == "from\nstdin\n")
        #expect(try broker.run("receive", "q").status == 2)
    }

    @Test func jsonComesBackByteForByte() throws {
        #expect(try broker.run("send", "q", "--json", #"{"b" : 1.50}"#).status == 0)
        #expect(try broker.run("send", "q", "--json", input: "[1,\n 2]\n").status == 0)
        #expect(try broker.run("receive", "q", "--max", "2").output == "{\"b\" : 1.50}\n[1,  2]\n")
    }

    @Test func theHighestPriorityComesFirst() throws {
        for priority in ["1", "9", "5"] {
            #expect(try broker.run("send", "q", "p\(priority)", "--priority", priority).status == 0)
        }
        #expect(try broker.run("receive", "q", "--max", "3").output == "p9\np5\np1\n")
    }

    @Test func aWholeMessageIsOneLineOfJSON() throws {
        let arguments = ["--header", "a=b=c", "--group", "g", "--correlation", "c", "--reply-to", "r", "--ttl", "1h"]
        let sent = try CommandProcess(["send", "q", "x"] + arguments, server: broker.address).finish()
        #expect(sent.status == 0)
        let message = try broker.run("receive", "q", "--json").output
        for part in [#""id":1"#, #""headers":{"a":"b=c"}"#, #""group":"g""#, #""correlation":"c""#, #""reply_to":"r""#]
        {
            #expect(message.contains(part))
        }
        #expect(message.contains(#""expires_at":"#))
    }

    @Test func aDuplicateIsToldApart() throws {
        #expect(try broker.run("send", "q", "x", "--dedup", "d").output == "1\n")
        let second = try broker.run("send", "q", "y", "--dedup", "d")
        #expect(second.output == "1\n")
        #expect(second.errors == "a duplicate of message 1: ready\n")
    }

    @Test func theLinesOfAFileAreSent() throws {
        let folder = try TemporaryFolder()
        let lines = (1...5000).map { "line \($0)" }
        let file = try folder.file(lines.joined(separator: "\n"))
        let sent = try broker.run("send", "q", "--lines", file, "--in-flight", "100", "--dedup", "run")
        #expect(sent.status == 0)
        #expect(sent.errors.hasPrefix("5000 messages sent in "))
        #expect(try broker.run("send", "q", "--lines", file, "--dedup", "run").status == 0)
        let received = try broker.run("receive", "q", "--follow", "--max", "5000").output
        #expect(received == lines.map { $0 + "\n" }.joined())
        #expect(try broker.run("receive", "q").status == 2)
    }

    @Test func aLineThatIsNoJSONIsNamed() throws {
        let sent = try broker.run("send", "q", "--json", "--lines", "-", input: "{}\n\n{bad\n")
        #expect(sent.status == 65)
        #expect(sent.errors == "martlet: line 3: not one JSON value: wrong at byte 4\n")
    }

    @Test func receiveWaits() throws {
        let waiting = try broker.start("receive", "q", "--wait", "60")
        while try !broker.run("stats", "q", "--json").output.contains(#""consumers":1"#) {}
        #expect(try broker.run("send", "q", "x").status == 0)
        #expect(waiting.finish().output == "x\n")
    }

    @Test func severalQueuesAreTriedInOrder() throws {
        for queue in ["a", "b"] { #expect(try broker.run("send", queue, "from \(queue)").status == 0) }
        #expect(try broker.run("receive", "b", "a").output == "from b\n")
        #expect(try broker.run("receive", "b", "a").output == "from a\n")
    }

    struct Kept: Decodable { var receipt: String }

    /// Takes a message and leaves it leased.
    func keep() throws -> String {
        let output = try broker.run("receive", "q", "--keep").output
        return try JSONDecoder().decode(Kept.self, from: Data(output.utf8)).receipt
    }

    @Test func whatIsKeptIsSettledByReceipt() throws {
        #expect(try broker.run("send", "q", "x").status == 0)
        var receipt = try keep()
        #expect(try broker.run("receive", "q").status == 2)
        let end = try broker.run("extend", "q", "2m", "--receipt", receipt).output
        #expect(Int(end.dropLast()) ?? 0 > 1_700_000_000_000)
        #expect(try broker.run("release", "q", "--receipt", receipt, "--uncounted").status == 0)
        let stale = try broker.run("delete", "q", "--receipt", receipt)
        #expect(stale.status == 1)
        #expect(stale.errors.hasPrefix("martlet: lease_lost: "))
        receipt = try keep()
        #expect(try broker.run("reject", "q", "--receipt", receipt, "--reason", "bad").status == 0)
        #expect(try broker.run("peek", "q", "--state", "dead").output.contains("dead"))
        #expect(try broker.run("redrive", "q").output == "1\n")
        #expect(try broker.run("delete", "q", "--id", "1", "--force").status == 0)
        #expect(try broker.run("peek", "q").status == 2)
    }

    @Test func withAutoDeleteNoMoreIsTakenThanIsShown() throws {
        #expect(try broker.run("send", "q", "--lines", "-", input: "a\nb\nc\n").status == 0)
        #expect(try broker.run("receive", "q", "--follow", "--auto-delete", "--max", "2").output == "a\nb\n")
        #expect(try broker.run("receive", "q", "--auto-delete").output == "c\n")
    }

    @Test func aReaderThatGoesIsNoError() throws {
        let receiving = try broker.start("receive", "q", "--follow")
        receiving.stopListening()
        #expect(try broker.run("send", "q", "x").status == 0)
        let end = receiving.finish(hasOutput: false)
        #expect(end.status == 0)
        #expect(end.errors.isEmpty)
        // What nobody has seen is still there.
        #expect(try broker.run("receive", "q").output == "x\n")
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
    func interruptionsHaveExitCodes(signal: Int32, status: Int32) throws {
        let receiving = try broker.start("receive", "q", "--follow")
        #expect(try broker.run("send", "q", "x").status == 0)
        #expect(try receiving.line() == "x")
        receiving.send(signal: signal)
        #expect(receiving.finish().status == status)
    }

    @Test func followingSurvivesTheBroker() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/socket"
        let first = try TestBroker(unix: path)
        #expect(first.address == "unix:" + path)
        let receiving = try first.start("receive", "q", "--follow")
        #expect(try first.run("send", "q", "before").status == 0)
        #expect(try receiving.line() == "before")
        first.kill()
        let second = try TestBroker(unix: path)
        #expect(try second.run("send", "q", "after").status == 0)
        #expect(try receiving.line() == "after")
        receiving.send(signal: SIGTERM)
        #expect(receiving.finish().status == 143)
    }
}
