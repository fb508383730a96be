import Foundation
import Testing

/// The commands about queues, topics and the broker.
@Suite struct QueueCommandTests {
    let broker: TestBroker

    init() throws {
        broker = try TestBroker()
    }

    func rows(_ output: String) -> [[Substring]] {
        output.split(separator: "\n").map { $0.split(separator: " ") }
    }

    @Test func declareShowsAllSettings() throws {
        let declared = try broker.run(
            "declare",
            "q",
            "--lease",
            "1m",
            "--max-attempts",
            "5",
            "--dead-letter",
            "q.dead",
            "--retry-delay",
            "1s",
            "--retry-factor",
            "2",
            "--retry-max",
            "5m",
            "--overflow",
            "drop_oldest"
        )
        #expect(declared.status == 0)
        #expect(declared.errors == "q is new\n")
        let settings = rows(declared.output)
        for row in [
            ["lease", "1m00s"], ["max_attempts", "5"], ["dead_letter", "q.dead"], ["overflow", "drop_oldest"],
        ] {
            #expect(settings.contains { $0.elementsEqual(row.map { Substring($0) }) })
        }
        #expect(declared.output.contains("1s × 2 up to 5m00s"))
        #expect(try broker.run("declare", "q").errors == "q was there\n")
    }

    @Test func statsAreATableOrJSON() throws {
        #expect(try broker.run("send", "q", "--lines", "-", input: "a\nb\n").status == 0)
        let table = rows(try broker.run("stats", "q").output)
        #expect(table.first?.prefix(3) == ["QUEUE", "READY", "DELAYED"])
        #expect(table.last?.prefix(3) == ["q", "2", "0"])
        #expect(try broker.run("stats").output.contains("\n1 queue  1 connection  "))
        let json = try broker.run("stats", "q", "--json").output
        let figures = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(figures?["ready"] as? Int == 2)
        #expect(try broker.run("stats", "nothing*").status == 0)
        #expect(try broker.run("stats", "nothing").status == 1)
    }

    @Test func watchingGoesOn() throws {
        let watching = try broker.start("stats", "--json", "--watch", "--interval", "10ms")
        for _ in 1...3 { #expect(try watching.line().hasPrefix("{\"ok\":true")) }
        watching.stopListening()
        #expect(watching.finish(hasOutput: false).status == 0)
    }

    @Test func queuesAreListedAndRemoved() throws {
        for queue in ["b", "a", "c"] { #expect(try broker.run("declare", queue).status == 0) }
        #expect(try broker.run("queues").output == "a\nb\nc\n")
        #expect(try broker.run("queues", "[b-z]").output == "")
        #expect(try broker.run("queues", "b*").output == "b\n")
        #expect(try broker.run("send", "a", "x").status == 0)
        #expect(try broker.run("drop", "a").status == 1)
        #expect(try broker.run("purge", "a").output == "1\n")
        #expect(try broker.run("drop", "a").status == 0)
        #expect(try broker.run("queues").output == "b\nc\n")
    }

    @Test func topics() throws {
        #expect(try broker.run("declare", "mail").status == 0)
        #expect(try broker.run("bind", "mail", "order.*.paid").status == 0)
        #expect(try broker.run("publish", "order.17.paid", "x").output == "1\n")
        #expect(try broker.run("publish", "order.17.sent", "x").output == "0\n")
        let lost = try broker.run("publish", "order.17.sent", "x", "--mandatory")
        #expect(lost.status == 1)
        #expect(lost.errors.hasPrefix("martlet: unroutable: "))
        #expect(rows(try broker.run("bindings").output).last == ["mail", "order.*.paid"])
        #expect(try broker.run("unbind", "mail", "order.*.paid").status == 0)
        #expect(rows(try broker.run("bindings").output).count == 1)
    }

    @Test func explainAndPause() throws {
        #expect(try broker.run("declare", "q").status == 0)
        #expect(try broker.run("explain", "q").output.hasPrefix("empty: "))
        #expect(try broker.run("pause", "q", "--direction", "receive").status == 0)
        #expect(try broker.run("explain", "q").output.contains("paused: "))
        #expect(try broker.run("resume", "q").status == 0)
        #expect(try !broker.run("explain", "q").output.contains("paused: "))
    }

    @Test func historyNamesWhoSentAndWhoProcessed() throws {
        #expect(try broker.run("declare", "q", "--history", "10").status == 0)
        #expect(try broker.run("send", "q", "x", "--name", "producer-1").status == 0)
        #expect(try broker.run("receive", "q", "--name", "consumer-1").status == 0)
        let row = try #require(rows(try broker.run("history", "q", "--producer", "producer-1").output).last)
        #expect(row.first == "deleted")
        #expect(row.suffix(2) == ["producer-1", "consumer-1"])
    }

    @Test func pingAndRequest() throws {
        #expect(try broker.run("ping").output.contains(" answers in "))
        #expect(try broker.run("request", #"{"op":"ping"}"#).output.hasPrefix(#"{"ok":true,"now":"#))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) throws {
        let script = try broker.run("completion", shell)
        #expect(script.status == 0)
        #expect(script.output.contains("receive"))
    }
}
