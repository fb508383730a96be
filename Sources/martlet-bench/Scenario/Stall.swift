import Glibc

/// How long others wait while a long operation runs.
struct Stall {
    private let plan: LoadPlan
    private let connection: PlainConnection
    private let queue: String

    private enum Operation: String, CaseIterable {
        /// Nothing: what a request takes anyway.
        case quiet
        /// A send of 10,000 messages in one line.
        case batch
        /// A message is published to 10,000 queues.
        case publish
        /// A message with a body of a megabyte is sent, received and deleted.
        case body
        case purge
        case drop
        /// All messages of a queue expire at one instant.
        case expiry
    }

    /// Microseconds of probing before and after.
    private static let margin: UInt32 = 100_000
    /// Messages in a line when a queue is filled.
    private static let portion = 1000
    private static let boundQueues = 10_000

    init(_ plan: LoadPlan) throws {
        self.plan = plan
        queue = "\(plan.prefix)stall"
        connection = try PlainConnection(plan.target)
    }

    func run() throws -> [Measurement] {
        let probed = "\(plan.prefix)probe"
        return try Operation.allCases.map { operation in
            let due = try prepare(operation)
            let prober = try Prober(plan.target, queue: probed)
            usleep(Self.margin)
            let start = Instant.now()
            try carryOut(operation, due: due)
            let seconds = Double(Instant.now() - start) / 1e9
            usleep(Self.margin)
            let latencies = try prober.finish()
            let duration = Figure("operation_ms", "takes ms", seconds * 1e3, digits: 1)
            for name in [queue, probed] { try drop(name) }
            if operation == .publish { try changeBoundQueues { drops(of: $0) } }
            return Measurement(
                operation.rawValue,
                [duration] + Measurement.latencies(latencies, "request", "other's ")
            )
        }
    }

    /// Whether it is there or not.
    private func drop(_ name: String) throws {
        _ = try connection.ask("{\"op\":\"declare\",\"queue\":\"\(name)\"}")
        _ = try connection.ask("{\"op\":\"drop\",\"queue\":\"\(name)\",\"force\":true}")
    }

    /// - Returns: when the messages expire.
    private func prepare(_ operation: Operation) throws -> Nanoseconds {
        switch operation {
        case .quiet, .batch, .body: return 0
        case .publish:
            try changeBoundQueues { declarations(of: $0) }
            return 0
        case .purge, .drop:
            try fill(expiring: nil)
            return 0
        case .expiry:
            // At 100,000 messages a second, any server is through before the first expires.
            let due = Instant.now() + Instant.nanoseconds(2 + Double(plan.options.messages) / 100_000)
            try fill(expiring: due)
            let margin = UInt64(Self.margin) * 2000
            guard Instant.now() + margin < due else { throw LoadError("filling took too long for the expiry") }
            usleep(UInt32((due - margin - Instant.now()) / 1000))
            return due
        }
    }

    private func carryOut(_ operation: Operation, due: Nanoseconds) throws {
        switch operation {
        case .quiet: usleep(Self.margin * 5)
        case .batch: try connection.exchange(send(messages: 10_000, size: 80, lifetime: ""))
        case .publish: _ = try connection.ask("{\"op\":\"publish\",\"topic\":\"\(topic)\",\"body\":1}")
        case .body: try sendLargeBody()
        case .purge: _ = try connection.ask("{\"op\":\"purge\",\"queue\":\"\(queue)\"}")
        case .drop: _ = try connection.ask("{\"op\":\"drop\",\"queue\":\"\(queue)\",\"force\":true}")
        case .expiry: try awaitExpiry(due)
        }
    }

    // MARK: Operations

    /// Topics know no `/` and no `:`.
    private var topic: String { queue.replacing("/", with: "-").replacing(":", with: "-") }

    private func changeBoundQueues(_ requests: (_ name: String) -> Phrases.Request) throws {
        for number in 0..<Self.boundQueues { try connection.exchange(requests("\(queue).\(number)")) }
    }

    private func declarations(of name: String) -> Phrases.Request {
        let declare = "{\"op\":\"declare\",\"queue\":\"\(name)\"}\n"
        let bind = "{\"op\":\"bind\",\"queue\":\"\(name)\",\"topic\":\"\(topic)\"}\n"
        return Phrases.Request(declare + bind, replies: 2)
    }

    private func drops(of name: String) -> Phrases.Request {
        Phrases.Request("{\"op\":\"drop\",\"queue\":\"\(name)\",\"force\":true}\n", replies: 1)
    }

    private func sendLargeBody() throws {
        let body = String(repeating: "x", count: 1_000_000)
        connection.handles.removeAll()
        _ = try connection.ask("{\"op\":\"send\",\"queue\":\"\(queue)\",\"body\":\"\(body)\"}")
        _ = try connection.ask("{\"op\":\"receive\",\"queue\":\"\(queue)\"}")
        let delete = SettleTemplate("{\"op\":\"delete\",\"queue\":\"\(queue)\",\"id\":", "}\n")
        try connection.exchange(replies: 1) { [connection] in delete.write(connection.handles, 0..<1, to: $0) }
    }

    private func fill(expiring due: Nanoseconds?) throws {
        let line = send(messages: Self.portion, size: plan.options.bodySize, lifetime: "")
        for _ in 0..<max(1, plan.options.messages / Self.portion) {
            guard let due else {
                try connection.exchange(line)
                continue
            }
            let now = Instant.now()
            guard now < due else { throw LoadError("filling took too long for the expiry") }
            let lifetime = ",\"ttl\":\(Double((due - now) / 1_000_000) / 1000)"
            try connection.exchange(
                send(messages: Self.portion, size: plan.options.bodySize, lifetime: lifetime)
            )
        }
    }

    private func send(messages: Int, size: Int, lifetime: String) -> Phrases.Request {
        let message = "{\"body\":\"\(String(repeating: "x", count: size))\"\(lifetime)}"
        let list = Array(repeating: message, count: messages).joined(separator: ",")
        return Phrases.Request("{\"op\":\"send\",\"queue\":\"\(queue)\",\"messages\":[\(list)]}\n", replies: 1)
    }

    private func awaitExpiry(_ due: Nanoseconds) throws {
        let end = due + Instant.nanoseconds(60)
        while Instant.now() < end {
            usleep(5000)
            let statistics = try connection.ask("{\"op\":\"stats\",\"queue\":\"\(queue)\"}")
            if statistics.contains("\"ready\":0,") { return }
        }
        throw LoadError("the messages do not expire")
    }
}
