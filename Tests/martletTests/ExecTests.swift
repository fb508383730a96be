import Foundation
import Testing

/// `receive --exec`: a command for each message.
@Suite struct ExecTests {
    let broker: TestBroker

    init() throws {
        broker = try TestBroker()
    }

    @Test func theCommandGetsTheMessage() throws {
        #expect(try broker.run("send", "q", "the body", "--header", "a=b").status == 0)
        let command = #"echo "$MARTLET_QUEUE $MARTLET_ID $MARTLET_ATTEMPT $MARTLET_HEADERS: $(cat)""#
        let received = try broker.run("receive", "q", "--exec", command)
        #expect(received.status == 0)
        #expect(received.output == "q 1 1 {\"a\":\"b\"}: the body\n")
        #expect(try broker.run("receive", "q").status == 2)
    }

    @Test func aCommandThatFailsReleases() throws {
        #expect(try broker.run("send", "q", "x").status == 0)
        let failed = try broker.run("receive", "q", "--exec", "exit 7")
        #expect(failed.status == 3)
        #expect(failed.errors == "martlet: message 1 of q: exit 7: released\n")
        #expect(try broker.run("receive", "q", "--exec", "echo $MARTLET_ATTEMPT").output == "2\n")
    }

    @Test func aCommandNeedNotReadItsInput() throws {
        let large = String(repeating: "x", count: 500_000)
        #expect(try broker.run("send", "q", input: large).status == 0)
        #expect(try broker.run("receive", "q", "--exec", "true").status == 0)
        #expect(try broker.run("receive", "q").status == 2)
    }

    @Test func commandsRunAtTheSameTime() throws {
        let folder = try TemporaryFolder()
        #expect(try broker.run("send", "q", "--lines", "-", input: "a\nb\n").status == 0)
        // Each waits for the other, so that they end only if both are running.
        let command =
            "touch \(folder.path)/$MARTLET_ID; until [ -e \(folder.path)/1 -a -e \(folder.path)/2 ]; do :; done"
        let received = try broker.run("receive", "q", "--follow", "--max", "2", "--jobs", "2", "--exec", command)
        #expect(received.status == 0)
        #expect(try broker.run("receive", "q").status == 2)
    }

    @Test func aCommandMayTakeLongerThanItsLease() throws {
        #expect(try broker.run("send", "q", "x").status == 0)
        let received = try broker.run("receive", "q", "--lease", "1", "--exec", "sleep 2")
        #expect(received.status == 0)
        #expect(received.errors.isEmpty)
        #expect(try broker.run("receive", "q").status == 2)
    }

    @Test func anInterruptedCommandsMessageIsGivenBack() throws {
        #expect(try broker.run("send", "q", "--lines", "-", input: "a\nb\n").status == 0)
        let receiving = try broker.start("receive", "q", "--follow", "--exec", "echo begun; sleep 1000")
        #expect(try receiving.line() == "begun")
        receiving.send(signal: SIGINT)
        let end = receiving.finish()
        #expect(end.status == 130)
        #expect(end.errors == "martlet: message 1 of q: exit 143: released\n")
        // Neither the interrupted message nor the one behind it counts as delivered.
        #expect(try broker.run("receive", "q", "--max", "2", "--exec", "echo $MARTLET_ATTEMPT").output == "1\n1\n")
    }
}
