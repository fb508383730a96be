import MartletClient
import Testing

/// What the tutorial of the library shows, against the real daemon.
@Suite struct TutorialTests {
    struct Job: Codable, Equatable {
        var picture: String
        var width: Int
    }

    @Test func aWorkQueueInTenMinutes() async throws {
        let broker = try TestBroker()
        let client = try await Client.connect(to: ServerAddress(broker.address))
        var settings = QueueSettings()
        settings.lease = .seconds(60)
        settings.maxAttempts = 5
        settings.retryDelay = RetryDelay(initial: .milliseconds(1), factor: 2, maximum: .seconds(60))
        try await client.declare("thumbnails", settings)

        let job = Job(picture: "martlet.png", width: 320)
        let dedup = "\(job.picture)@\(job.width)"
        #expect(try await !client.send(job, to: "thumbnails", dedup: dedup).isDuplicate)
        #expect(try await client.send(job, to: "thumbnails", dedup: dedup).isDuplicate)
        try await client.send("not a job", to: "thumbnails")

        var seen: [Int: Int] = [:]
        for try await message in client.messages(queue: "thumbnails", credit: 4) {
            seen[message.id] = message.attempt
            do {
                #expect(try message.decode(Job.self) == job)
                if message.attempt == 1 { try await message.release() } else { try await message.delete() }
            } catch is DecodingError {
                try await message.reject(reason: "not a job")
            }
            if seen == [1: 2, 2: 1] { break }
        }
        let dead = try await client.peek("thumbnails", state: .dead)
        #expect(dead.map(\.id) == [2])
        #expect(try await client.redrive("thumbnails") == 1)
        let figures = try await client.statistics(of: "thumbnails")
        #expect((figures.ready, figures.leased, figures.dead) == (1, 0, 0))
    }

    /// A second worker gets at once what a first one held when its connection went.
    @Test func aWorkerDies() async throws {
        let broker = try TestBroker()
        let address = try ServerAddress(broker.address)
        let (first, second) = (try await Client.connect(to: address), try await Client.connect(to: address))
        try await first.send(["n": 1], to: "jobs")
        let held = try await first.receive(from: "jobs", lease: .seconds(3600))
        #expect(held.count == 1)
        async let taken = second.receive(from: "jobs", wait: .seconds(60))
        await first.close()
        let message = try #require(try await taken.first)
        #expect(message.attempt == 2)
        await #expect(throws: ConnectionError.closed) { try await held[0].delete() }
        try await second.atomic { group in
            try group.delete(message)
            try group.send("done", to: "results")
        }
        #expect(try await second.peek("results").count == 1)
    }

    /// Bodies come back byte for byte, whatever they are.
    @Test(arguments: [#"{"b":1.50,"a":[ ]}"#, #""\u00fc\/""#, "1e3", "null", #"{"a" : "}\""}"#])
    func bodiesComeBackAsTheyWere(body: String) async throws {
        let broker = try TestBroker()
        let client = try await Client.connect(to: ServerAddress(broker.address))
        try await client.send(OutgoingMessage(json: JSONText(body)), to: "q")
        for try await message in client.messages(queue: "q") {
            #expect(message.body.description == body)
            break
        }
    }
}
