import FoundationEssentials
import Testing

@testable import MartletClient

/// The answers about queues, not about messages.
@Suite struct SettingsAndFiguresTests {
    let forms = RequestFormTests()

    @Test func declareNothing() async throws {
        let (isNew, settings) = try await forms.exchange(
            #"{"op":"declare","queue":"q"}"#,
            #"{"ok":true,"created":true,"settings":{"lease":30,"retry_delay":0,"dead_letter":null,"temporary":false}}"#
        ) { try await $0.declare("q") }
        #expect(isNew)
        #expect(settings.lease == .seconds(30))
        #expect(settings.retryDelay == RetryDelay(initial: .zero))
        #expect(settings.deadLetter == nil)
        #expect(settings.isTemporary == false)
    }

    @Test func declareEverything() async throws {
        let text =
            #""lease":1,"max_attempts":2,"dead_letter":"d","retry_delay":{"initial":1,"factor":2.5,"max":300},"ttl":3,"#
            + #""on_expire":"dead","max_messages":4,"max_bytes":5,"overflow":"drop_oldest","dedup_window":6,"#
            + #""rate":7.5,"burst":8,"history":9,"temporary":true,"expire_unused":10,"group_concurrency":11"#
        var settings = QueueSettings()
        settings.lease = .seconds(1)
        settings.maxAttempts = 2
        settings.deadLetter = "d"
        settings.retryDelay = RetryDelay(initial: .seconds(1), factor: 2.5, maximum: .seconds(300))
        settings.timeToLive = .seconds(3)
        settings.onExpire = .dead
        settings.maxMessages = 4
        settings.maxBytes = 5
        settings.overflow = .dropOldest
        settings.dedupWindow = .seconds(6)
        settings.rate = 7.5
        settings.burst = 8
        settings.history = 9
        settings.isTemporary = true
        settings.expireUnused = .seconds(10)
        settings.groupConcurrency = 11
        let wanted = settings
        let answer = try await forms.exchange(
            #"{"op":"declare","queue":"q","# + text + "}",
            #"{"ok":true,"created":false,"settings":{"# + text + "}}"
        ) { try await $0.declare("q", wanted) }
        #expect(!answer.isNew)
        #expect(answer.settings == wanted)
    }

    @Test func queues() async throws {
        let queues = try await forms.exchange(
            #"{"op":"queues","match":"j*","max":2,"after":"a"}"#,
            #"{"ok":true,"queues":[{"queue":"jobs","ready":3,"paused":"send"},{"queue":"jots","paused":"no"}]}"#
        ) { try await $0.queues(match: "j*", max: 2, after: "a") }
        #expect(queues.map(\.queue) == ["jobs", "jots"])
        #expect(queues.map(\.ready) == [3, 0])
        #expect(queues.map(\.paused) == [.send, nil])
    }

    @Test func statistics() async throws {
        let queue = try await forms.exchange(
            #"{"op":"stats","queue":"q"}"#,
            #"{"ok":true,"ready":1,"dead_lettered":4,"wait_p99":0.5,"drain_seconds":null,"oldest_ready_age":2}"#
        ) { try await $0.statistics(of: "q") }
        #expect((queue.queue, queue.ready, queue.deadLettered) == ("q", 1, 4))
        #expect((queue.wait99, queue.drainSeconds, queue.oldestReadyAge) == (0.5, nil, 2))
        let broker = try await forms.exchange(
            #"{"op":"stats"}"#,
            #"{"ok":true,"queues":2,"memory_bytes":1000,"version":"1","durability":"none","uptime":3.5}"#
        ) { try await $0.statistics() }
        #expect((broker.queues, broker.memoryBytes, broker.uptime) == (2, 1000, 3.5))
        #expect((broker.version, broker.durability) == ("1", "none"))
    }

    @Test func explain() async throws {
        let reasons = try await forms.exchange(
            #"{"op":"explain","queue":"q"}"#,
            #"{"ok":true,"reasons":[{"code":"empty","text":"there are no messages"}]}"#
        ) { try await $0.explain("q") }
        #expect(reasons.map { [$0.code, $0.text] } == [["empty", "there are no messages"]])
    }

    @Test func history() async throws {
        let records = try await forms.exchange(
            #"{"op":"history","queue":"q","producer":"p","after":3,"max":10}"#,
            #"{"ok":true,"records":[{"id":4,"producer":"p","sent_at":1000,"ended_at":2000,"outcome":"deleted","attempts":1}]}"#
        ) { try await $0.history(of: "q", producer: "p", after: 3, max: 10) }
        let record = try #require(records.first)
        #expect((record.id, record.outcome, record.attempts, record.consumer) == (4, "deleted", 1, nil))
        #expect(record.endedAt == Date(timeIntervalSince1970: 2))
    }

    @Test func greeting() async throws {
        let greeting = try await forms.exchange(
            #"{"op":"hello","protocol":1}"#,
            #"{"ok":true,"server":"martlet","version":"0.1","protocol":1,"durability":"none","limits":{"max_body":1}}"#
        ) { try await $0.hello() }
        #expect((greeting.server, greeting.version, greeting.durability) == ("martlet", "0.1", "none"))
        #expect(greeting.limits?.description == #"{"max_body":1}"#)
    }

    @Test func rawRequest() async throws {
        let answer = try await forms.exchange(#"{ "op":"new","x":1}"#, #"{"ok":true,"y":2}"#) {
            try await $0.request("{\n\"op\":\"new\",\"x\":1}\n")
        }
        #expect(answer == #"{"ok":true,"y":2}"#)
    }
}
