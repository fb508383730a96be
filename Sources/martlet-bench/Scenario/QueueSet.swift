/// The queues of a run: made before it, gone after it.
struct QueueSet {
    private let plan: LoadPlan
    private let speakers: [Speaker]

    /// - Parameter role: a push consumer is made with the queue where a server wants that.
    init(_ plan: LoadPlan, role: Speaker.Role = .worker) {
        self.plan = plan
        speakers = (0..<plan.options.queues).map { plan.speaker(queue: $0, role: role) }
    }

    func create() throws {
        for speaker in speakers {
            let setup = plan.target.peer.phrases(for: speaker).setup
            if setup.replies > 0 { try PlainConnection(plan.target).exchange(setup) }
        }
    }

    func drop() throws {
        guard plan.target.peer.dropsQueues else { return try drain() }
        for speaker in speakers {
            let teardown = plan.target.peer.phrases(for: speaker).teardown
            if teardown.replies > 0 { try PlainConnection(plan.target).exchange(teardown) }
        }
    }

    private func drain() throws {
        let tally = Tally()
        let connections = try speakers.indices.map { place in
            // As a worker: a subscriber would wait for messages when there are none.
            let speaker = plan.speaker(queue: place, role: .drainer)
            return try plan.connect(place, speaker, DrainScript(tally, depth: 64, batch: 1))
        }
        _ = try LoadLoop(connections, tally).run(.untilDone(limit: Instant.nanoseconds(600)))
    }
}
