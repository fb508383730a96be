import Testing

/// All ways in which the leases of three messages can end, in all orders, with the connection closing at any point,
/// while someone else waits for what comes back: the core must do what the model says.
@Suite struct EndingTests {
    private enum Ending: CaseIterable {
        case deleted, released, rejected, timedOut
    }

    /// Queues in which it matters how a lease ends.
    private static let settings: [(name: String, settings: [ModelSetting])] = [
        ("plain", []),
        ("the last attempt", [.maxAttempts(1)]),
        ("the last attempt, with a dead-letter queue", [.maxAttempts(1), .deadLetter("b")]),
        ("full, dropping the oldest", [.maxMessages(3), .dropsOldest(true)]),
        ("retried later", [.retryDelay(initial: 2, factor: 2, maximum: 8)]),
    ]

    /// One message's lease ends in one way.
    private struct End {
        let message: Int
        let ending: Ending
    }

    /// All ways in which so many of the three leases can end one after the other.
    private static func sequences(of count: Int) -> [[End]] {
        guard count > 0 else { return [[]] }
        return sequences(of: count - 1).flatMap { sequence in
            (0..<3).filter { message in !sequence.contains { $0.message == message } }.flatMap { message in
                Ending.allCases.map { sequence + [End(message: message, ending: $0)] }
            }
        }
    }

    @Test(arguments: 0..<settings.count, [false, true])
    func everyOrderOfEndings(setting: Int, grouped: Bool) {
        // What has not ended when the connection closes ends with it.
        let sequences = (0...3).flatMap(Self.sequences)
        #expect(sequences.count == 1 + 12 + 96 + 384)
        for sequence in sequences {
            guard let mismatch = Simulation.check(Self.steps(setting, grouped, sequence)) else { continue }
            let trace = mismatch.trace.joined(separator: "\n")
            Issue.record("\(Self.settings[setting].name)\n\(trace)\n\(mismatch.explanation)")
            return
        }
    }

    private static func steps(_ setting: Int, _ grouped: Bool, _ sequence: [End]) -> [Step] {
        func ask(_ peer: Int, _ action: Action) -> Step { Step(peer: peer, event: .request(action, tag: nil)) }
        var draft = Draft()
        if grouped { draft.group = "g" }
        var steps = [
            ask(0, .declare(queue: "a", settings[setting].settings + [.groupConcurrency(3)])),
            ask(0, .send(queue: "a", [draft, draft, draft], isBatch: true)),
            ask(0, .receive(queues: ["a"], isList: false, max: 3, wait: nil, DeliveryTerms(lease: 1_000))),
            ask(1, .receive(queues: ["a"], isList: false, max: 2, wait: 500, DeliveryTerms(lease: 20))),
            ask(2, .subscribe(queues: ["b", "a"], isList: true, credit: 1, DeliveryTerms(lease: 30))),
        ]
        for end in sequence {
            let reference = MessageReference.id(end.message + 1)
            switch end.ending {
            case .deleted: steps.append(ask(0, .delete(queue: "a", [reference], isList: false, force: false)))
            case .released:
                steps.append(ask(0, .release(queue: "a", reference, delay: nil, uncounted: end.message == 1)))
            case .rejected: steps.append(ask(0, .reject(queue: "a", reference, reason: nil)))
            case .timedOut:
                steps.append(ask(0, .extend(queue: "a", reference, lease: 1)))
                steps.append(Step(peer: 0, event: .pass(1)))
            }
        }
        steps.append(Step(peer: 0, event: .close))
        steps.append(ask(0, .send(queue: "a", [draft], isBatch: false)))
        steps.append(Step(peer: 0, event: .pass(40)))
        steps.append(ask(0, .stats(queue: "a")))
        return steps
    }
}
