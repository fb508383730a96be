import MartletProtocol

// `hello`, `ping`, `help`: what the broker says of itself. None of it is in the journal, so it waits for no sync.
extension Broker {
    func hello(_ request: Request, _ session: Session) {
        if let name = request.quoted(.name) { session.quotedName = name }
        outboxes.lineAwaits = .nothing
        reply.append(",\"server\":\"martlet\",\"version\":\"")
        reply.append(text: settings.version)
        reply.append("\",\"protocol\":1")
        writeDurability()
        reply.append(",\"limits\":{\"max_line\":")
        let limits = settings.limits
        reply.append(integer: limits.maxLine)
        write(",\"max_body\":", limits.maxBody)
        write(",\"max_batch\":", limits.maxBatch)
        write(",\"max_depth\":", limits.maxDepth)
        write(",\"max_requests_in_flight\":", limits.maxRequestsInFlight)
        write(",\"max_subscriptions\":", limits.maxSubscriptions)
        write(",\"max_output\":", limits.maxOutput)
        write(",\"max_connections\":", limits.maxConnections)
        write(",\"max_queues\":", limits.maxQueues)
        write(",\"max_waiting_receivers\":", limits.maxWaitingReceivers)
        write(",\"max_bindings\":", limits.maxBindings)
        write(",\"memory_limit\":", limits.memoryLimit)
        reply.append("}")
    }

    func ping() {
        outboxes.lineAwaits = .nothing
        write(",\"now\":", now.wall)
    }

    func help(_ request: Request) {
        let about = request.string(.about).flatMap { name in Operation.allCases.first { $0.name == name } }
        outboxes.lineAwaits = .nothing
        reply.append(",")
        HelpText.write(about: about, into: &reply)
    }

    /// A member whose value is an integer, with its leading comma.
    func write(_ key: StaticString, _ value: Int) {
        reply.append(key)
        reply.append(integer: value)
    }

    /// A member whose value is a number, null if there is none.
    func write(_ key: StaticString, _ value: Double?) {
        reply.append(key)
        if let value { reply.append(number: value) } else { reply.append("null") }
    }
}
