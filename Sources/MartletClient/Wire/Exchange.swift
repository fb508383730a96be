/// What a client has asked and not yet been told, across all its connections: a state machine without input, output
/// or clock. Its thread, `Wire`, moves the bytes and carries out the effects.
///
/// Replies come in the order of the requests, so a reply belongs to the first of `inFlight`. When a connection is
/// lost, each request in flight is one of three: its line did not leave as a whole, so it was not carried out and is
/// sent again; it is repeatable and is sent again; or its caller is told that the outcome is unknown.
///
/// A request that is refused because the broker shuts down was not carried out either: it waits for the next
/// connection, unless there will be none.
///
/// Invariants: `inFlight` is in the order of the lines in the connection's bytes; a subscription is in `wanted` from
/// `open` to `close` or its refusal, and in `active` while the server may send it deliveries.
struct Exchange {
    enum Phase {
        case offline
        /// Connected; the server's greeting is awaited.
        case greeting
        case online
        case ended(any Error)
    }

    /// What the thread is to do, outside the lock and in order.
    enum Effect {
        case answer(Waiter, Result<Reply, any Error>)
        case deliver(JSONObject, Subscription)
        /// The leases of what the subscription holds have ended with the connection.
        case reset(Subscription)
        case finish(Subscription, (any Error)?)
        case ended(@Sendable () -> Void)
    }

    private(set) var phase = Phase.offline
    /// Lines that wait to be written; the thread takes them.
    private var output: [UInt8] = []
    /// Bytes of this connection that were queued for writing, and that were written.
    private var queuedBytes = 0
    private var writtenBytes = 0

    private let greeting: [UInt8]
    private let limit: Int
    private let reconnects: Bool
    private var lastNumber = 0
    private var unsent = FIFO<OutgoingRequest>()
    private var inFlight = FIFO<OutgoingRequest>()
    /// Refused by a broker that shuts down; older than what is in flight.
    private var putOff = FIFO<OutgoingRequest>()
    /// Who waits for the first connection.
    private var opening: Waiter?
    private var closing: [@Sendable () -> Void] = []

    private var wanted: [Subscription] = []
    private var active: [Int: Subscription] = [:]

    /// - Parameters:
    ///   - greeting: The first line of every connection.
    ///   - limit: Requests in flight at most; the others wait.
    ///   - reconnects: Whether a connection that is lost is followed by another one.
    init(greeting: [UInt8], limit: Int, reconnects: Bool) {
        self.greeting = greeting
        self.limit = limit
        self.reconnects = reconnects
    }

    var isClosing: Bool { !closing.isEmpty }
    /// Nothing is owed to anybody by this connection.
    var isIdle: Bool { unsent.isEmpty && inFlight.isEmpty && output.isEmpty }

    /// Tells `opening` the first greeting, or why there is none.
    mutating func expect(_ opening: Waiter) {
        self.opening = opening
    }

    mutating func nextNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }
}

// MARK: - Requests

extension Exchange {
    mutating func submit(_ request: OutgoingRequest) -> [Effect] {
        if case .ended(let error) = phase { return Self.refuse(request, error) }
        if isClosing { return Self.refuse(request, ConnectionError.closed) }
        unsent.append(request)
        return []
    }

    private mutating func submit(_ line: [UInt8], _ purpose: OutgoingRequest.Purpose) {
        let request = OutgoingRequest(number: nextNumber(), line: line, isRepeatable: false, purpose: purpose)
        unsent.append(request)
    }

    /// The caller of a request has gone. An unsent request is forgotten; one in flight keeps its place, because its
    /// reply will come.
    mutating func abandon(_ number: Int) -> [Effect] {
        func isWanted(_ request: OutgoingRequest) -> Bool { request.number == number }
        let found =
            unsent.replaceFirst(where: isWanted) { _ in nil }
            ?? putOff.replaceFirst(where: isWanted) { _ in nil }
            ?? inFlight.replaceFirst(where: isWanted) { request in
                var abandoned = request
                if case .receive(_, let queue) = request.purpose {
                    abandoned.purpose = .abandonedReceive(queue: queue)
                } else {
                    abandoned.purpose = .nobody
                }
                return abandoned
            }
        return found.map { Self.refuse($0, CancellationError()) } ?? []
    }

    private static func refuse(_ request: OutgoingRequest, _ error: any Error) -> [Effect] {
        switch request.purpose {
        case .answer(let waiter), .receive(let waiter, _): [.answer(waiter, .failure(error))]
        case .greeting, .abandonedReceive, .nobody, .subscribe, .unsubscribe: []
        }
    }
}

// MARK: - Connections

extension Exchange {
    mutating func connected() {
        phase = .greeting
        output = []
        queuedBytes = 0
        writtenBytes = 0
        write(OutgoingRequest(number: nextNumber(), line: greeting, isRepeatable: false, purpose: .greeting))
    }

    private mutating func write(_ request: OutgoingRequest) {
        output.append(contentsOf: request.line)
        output.append(0x0A)
        queuedBytes += request.line.count + 1
        var written = request
        written.end = queuedBytes
        inFlight.append(written)
    }

    /// The bytes to be written next, about `size` at most; empty if there is nothing to say.
    mutating func takeOutput(_ size: Int = 128 << 10) -> [UInt8] {
        if case .online = phase {
            while output.count < size, inFlight.count < limit, let request = unsent.popFirst() { write(request) }
        }
        defer { output.removeAll(keepingCapacity: output.count <= size) }
        return output
    }

    /// `count` of the bytes taken have been handed to the system.
    mutating func wrote(_ count: Int) {
        writtenBytes += count
    }

    /// The connection is gone, or could not be made.
    mutating func disconnected(_ error: any Error) -> [Effect] {
        phase = .offline
        output = []
        active = [:]
        var effects: [Effect] = wanted.filter { !$0.order.keep }.map(Effect.reset)
        let waiting = unsent.removeAll()
        for request in putOff.removeAll() { unsent.append(request) }
        for request in inFlight.removeAll() {
            if let effect = settle(request, lost: error) { effects.append(effect) }
        }
        for request in waiting where request.outlivesConnection { unsent.append(request) }
        return effects
    }

    /// What becomes of a request that was in flight: sent again, or its caller told.
    private mutating func settle(_ request: OutgoingRequest, lost error: any Error) -> Effect? {
        switch request.purpose {
        case .answer(let waiter), .receive(let waiter, _):
            if request.isRepeatable || request.end > writtenBytes {
                unsent.append(request)
                return nil
            }
            return .answer(waiter, .failure(ConnectionError.outcomeUnknown(reason: "\(error)")))
        case .nobody, .abandonedReceive, .greeting, .subscribe, .unsubscribe: return nil
        }
    }

    /// The client ends: everybody is told.
    mutating func end(_ error: any Error) -> [Effect] {
        if case .ended = phase { return [] }
        var effects = disconnected(error)
        phase = .ended(error)
        if let opening { effects.append(.answer(opening, .failure(error))) }
        opening = nil
        for request in unsent.removeAll() { effects += Self.refuse(request, error) }
        let quietly = error as? ConnectionError == .closed
        effects += wanted.map { .finish($0, quietly ? nil : error) }
        wanted = []
        effects += closing.map(Effect.ended)
        closing = []
        return effects
    }

    /// No more requests are taken; `whenEnded` is called when the client has ended.
    mutating func close(_ whenEnded: @escaping @Sendable () -> Void) -> [Effect] {
        if case .ended = phase { return [.ended(whenEnded)] }
        closing.append(whenEnded)
        if case .online = phase { return [] }
        return end(ConnectionError.closed)
    }
}

extension OutgoingRequest {
    /// Subscriptions are renewed by themselves, and what nobody waits for settles leases that ended with the
    /// connection.
    fileprivate var outlivesConnection: Bool {
        switch purpose {
        case .answer, .receive: true
        case .greeting, .nobody, .abandonedReceive, .subscribe, .unsubscribe: false
        }
    }
}

// MARK: - Replies

extension Exchange {
    /// One line has come from the server.
    ///
    /// - Throws: Why the connection must be given up.
    mutating func take(_ reply: Reply) throws -> [Effect] {
        if reply.isEvent { return takeEvent(reply.object) }
        guard let request = inFlight.popFirst() else {
            // A last word before the server closes, such as `too_many`; or nonsense.
            throw reply.refusal ?? ConnectionError.malformedReply("a reply that no request asked for")
        }
        switch request.purpose {
        case .greeting: return try greeted(reply)
        case .answer(let waiter), .receive(let waiter, _):
            // Nothing was changed, and the broker that comes next may take it.
            if reconnects, !isClosing, reply.refusal?.code == .draining {
                putOff.append(request)
            } else {
                return [.answer(waiter, reply.result)]
            }
        case .abandonedReceive(let queue): release(reply, from: queue)
        case .nobody: break
        case .subscribe(let subscription): return subscribed(subscription, reply)
        case .unsubscribe(_, let number): active[number] = nil
        }
        return []
    }

    private mutating func greeted(_ reply: Reply) throws -> [Effect] {
        if let refusal = reply.refusal { throw refusal }
        phase = .online
        let waiting = unsent.removeAll()
        for subscription in wanted where !subscription.isPaused { subscribe(subscription) }
        for request in waiting { unsent.append(request) }
        defer { opening = nil }
        return opening.map { [.answer($0, .success(reply))] } ?? []
    }

    /// What an abandoned receive has brought goes back at once, and does not count as a delivery.
    private mutating func release(_ reply: Reply, from queue: String?) {
        for element in reply.object["messages"]?.elements ?? [] {
            if let message = element.object { giveBack(message, from: queue) }
        }
    }

    mutating func giveBack(_ message: JSONObject, from queue: String?) {
        guard let queue = queue ?? message["queue"]?.string, let receipt = message["receipt"]?.string else { return }
        var line = RequestLine("release")
        line.add("queue", queue)
        line.add("receipt", receipt)
        line.add("uncounted", true)
        submit(line.object, .nobody)
    }
}

extension Reply {
    fileprivate var result: Result<Reply, any Error> {
        if let refusal { .failure(refusal) } else { .success(self) }
    }
}

// MARK: - Subscriptions

extension Exchange {
    mutating func open(_ subscription: Subscription) -> [Effect] {
        if case .ended(let error) = phase { return [.finish(subscription, error)] }
        wanted.append(subscription)
        if case .online = phase { subscribe(subscription) }
        return []
    }

    private mutating func subscribe(_ subscription: Subscription) {
        submit(subscription.order.line, .subscribe(subscription))
    }

    /// The subscription is over; deliveries still on their way are given back.
    mutating func close(_ subscription: Subscription) {
        wanted.removeAll { $0 === subscription }
        unsubscribe(subscription)
    }

    /// Asks the server for no more deliveries for a while; they go on with `resume`.
    mutating func pause(_ subscription: Subscription) {
        unsubscribe(subscription)
    }

    mutating func resume(_ subscription: Subscription) {
        guard wanted.contains(where: { $0 === subscription }), case .online = phase else { return }
        subscribe(subscription)
    }

    private mutating func unsubscribe(_ subscription: Subscription) {
        guard case .online = phase else { return }
        for (number, one) in active where one === subscription { unsubscribe(subscription, number) }
    }

    private mutating func unsubscribe(_ subscription: Subscription, _ number: Int) {
        var line = RequestLine("unsubscribe")
        line.add("subscription", number)
        submit(line.object, .unsubscribe(subscription, number: number))
    }

    private mutating func subscribed(_ subscription: Subscription, _ reply: Reply) -> [Effect] {
        if let refusal = reply.refusal {
            // A broker that shuts down refuses for the moment only: the next connection renews the subscription.
            guard refusal.code != .draining else { return [] }
            wanted.removeAll { $0 === subscription }
            return [.finish(subscription, refusal)]
        }
        guard let number = reply.object["subscription"]?.integer else { return [] }
        active[number] = subscription
        // Closed or paused while the reply was on its way.
        if subscription.isPaused || !wanted.contains(where: { $0 === subscription }) {
            unsubscribe(subscription, number)
        }
        return []
    }

    private mutating func takeEvent(_ event: JSONObject) -> [Effect] {
        guard let number = event["subscription"]?.integer, let subscription = active[number] else { return [] }
        if wanted.contains(where: { $0 === subscription }) { return [.deliver(event, subscription)] }
        giveBack(event, from: nil)
        return []
    }
}
