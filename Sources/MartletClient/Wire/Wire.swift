import Glibc
import Synchronization

/// The thread that talks to the server: it connects, writes, reads, and connects again, until the client ends.
///
/// Tasks hand it requests through `exchange` and are resumed by it. A thread of its own, because it waits in `poll`
/// and the threads that run Swift tasks must not wait.
final class Wire: Sendable {
    private let address: ServerAddress
    private let options: ClientOptions
    private let pipe: WakePipe
    // A lock, because tasks on any thread submit what this thread writes; never held during a system call.
    private let exchange: Mutex<Exchange>
    /// The first request of every connection: who the client is.
    let greeting: [UInt8]
    private let isWakePending = Mutex(false)
    /// Until when a closing client waits for replies.
    private let closingDeadline = Mutex<ContinuousClock.Instant?>(nil)

    init(_ address: ServerAddress, _ options: ClientOptions) throws(SystemError) {
        self.address = address
        self.options = options
        pipe = try WakePipe()
        var greeting = RequestLine("hello")
        greeting.add("protocol", 1)
        greeting.add("name", options.name)
        greeting.add("token", options.token)
        self.greeting = greeting.object
        let reconnects = options.reconnect.attempts != 0
        exchange = Mutex(
            Exchange(greeting: greeting.object, limit: options.requestsInFlight, reconnects: reconnects)
        )
    }

    /// Starts the thread. `opening` is told the server's greeting, or why there is none.
    func open(_ opening: CheckedContinuation<Reply, any Error>) {
        exchange.withLock { exchange in
            exchange.expect(Waiter { opening.resume(with: $0) })
        }
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, { Wire.main($0) }, Unmanaged.passRetained(self).toOpaque())
        if status == 0 {
            pthread_detach(thread)
        } else {
            Unmanaged.passUnretained(self).release()
            perform(exchange.withLock { $0.end(SystemError(call: "pthread_create", number: status)) })
        }
    }

    private static func main(_ wire: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let wire else { return nil }
        Unmanaged<Wire>.fromOpaque(wire).takeRetainedValue().run()
        return nil
    }

    private func wake() {
        let isFirst = isWakePending.withLock { pending in
            defer { pending = true }
            return !pending
        }
        if isFirst { pipe.wake() }
    }

    private func perform(_ effects: [Exchange.Effect]) {
        for effect in effects {
            switch effect {
            case .answer(let waiter, let result): waiter.resume(result)
            case .deliver(let message, let subscription): deliver(message, subscription)
            case .reset(let subscription): subscription.reset()
            case .finish(let subscription, let error): _ = subscription.finish(error)
            case .ended(let tell): tell()
            }
        }
    }

    private func deliver(_ message: JSONObject, _ subscription: Subscription) {
        switch subscription.deliver(message) {
        case .accepted: break
        case .pauses: exchange.withLock { $0.pause(subscription) }
        case .refused: exchange.withLock { $0.giveBack(message, from: nil) }
        }
    }
}

// MARK: - For tasks

extension Wire {
    func nextNumber() -> Int {
        exchange.withLock { $0.nextNumber() }
    }

    func submit(_ request: sending OutgoingRequest) {
        let request = request
        perform(exchange.withLock { $0.submit(request) })
        wake()
    }

    func abandon(_ number: Int) {
        perform(exchange.withLock { $0.abandon(number) })
    }

    func open(_ subscription: Subscription) {
        perform(exchange.withLock { $0.open(subscription) })
        wake()
    }

    func resume(_ subscription: Subscription) {
        exchange.withLock { $0.resume(subscription) }
        wake()
    }

    /// Ends a subscription; what it holds goes back to its queue, uncounted.
    func close(_ subscription: Subscription) {
        let left = subscription.finish(nil)
        exchange.withLock { exchange in
            // Before the releases, which would otherwise make room for new deliveries.
            exchange.close(subscription)
            for message in left { exchange.giveBack(message, from: nil) }
        }
        wake()
    }

    /// Takes no more requests, waits for the replies of those in flight until `deadline`, and ends.
    func close(by deadline: ContinuousClock.Instant, _ whenEnded: @escaping @Sendable () -> Void) {
        closingDeadline.withLock { $0 = min($0 ?? deadline, deadline) }
        perform(exchange.withLock { $0.close(whenEnded) })
        wake()
    }
}

// MARK: - The thread

extension Wire {
    private func run() {
        var random = SystemRandomNumberGenerator()
        var attempts = 0
        var hasBeenOnline = false
        while !hasEnded {
            let error = visit()
            if isOnline { (hasBeenOnline, attempts) = (true, 0) }
            attempts += 1
            // A client that is closing would wait for a server that may never come back.
            let mayRetry = hasBeenOnline && Self.isPassing(error) && !isClosing
            if mayRetry, let delay = options.reconnect.delay(before: attempts, using: &random) {
                perform(exchange.withLock { $0.disconnected(error) })
                rest(delay)
            } else {
                perform(exchange.withLock { $0.end($0.isClosing ? ConnectionError.closed : Self.final(error)) })
            }
        }
    }

    /// New requests are refused.
    var isClosing: Bool { exchange.withLock { $0.isClosing } }

    private var isOnline: Bool {
        exchange.withLock { exchange in
            if case .online = exchange.phase { true } else { false }
        }
    }

    private var hasEnded: Bool {
        exchange.withLock { exchange in
            if case .ended = exchange.phase { true } else { false }
        }
    }

    /// A server that does not let this client in will not do so a moment later.
    private static func isPassing(_ error: any Error) -> Bool {
        guard let refusal = error as? MartletError else { return true }
        return ![.unauthenticated, .forbidden, .badRequest, .unknownOperation].contains(refusal.code)
    }

    /// The error as callers see it when there will be no other connection.
    private static func final(_ error: any Error) -> any Error {
        if error is MartletError || error is ConnectionError { return error }
        return ConnectionError.lost(reason: "\(error)")
    }

    /// Serves one connection from beginning to end, and returns why it ended.
    private func visit() -> any Error {
        do {
            var connection = try Connection(address, options)
            exchange.withLock { $0.connected() }
            while !hasEnded { try turn(&connection) }
            return ConnectionError.closed
        } catch {
            return error
        }
    }

    /// Writes what is to be said, waits for something to happen, and reads what has come.
    private func turn(_ connection: inout Connection) throws {
        if connection.isWritten { connection.write(next: exchange.withLock { $0.takeOutput() }) }
        let count = connection.write()
        exchange.withLock { $0.wrote(count) }
        let isGreeted = isOnline
        let deadline = closingDeadline.withLock { $0 }
        try connection.wait(or: pipe, until: isGreeted ? deadline : connection.greetingDeadline)
        pipe.drain()
        isWakePending.withLock { $0 = false }
        try take(try connection.read())
        if !isOnline, connection.greetingDeadline <= .now {
            throw ConnectionError.cannotConnect(address, reason: "the server accepts connections but does not answer")
        }
        let isDue = deadline.map { $0 <= .now } ?? false
        perform(exchange.withLock { $0.isClosing && ($0.isIdle || isDue) ? $0.end(ConnectionError.closed) : [] })
    }

    private func take(_ replies: [Reply]) throws {
        if replies.isEmpty { return }
        let (effects, failure) = exchange.withLock { exchange in
            var effects: [Exchange.Effect] = []
            do {
                for reply in replies { effects += try exchange.take(reply) }
                return (effects, nil as (any Error)?)
            } catch {
                return (effects, error)
            }
        }
        perform(effects)
        if let failure { throw failure }
    }

    /// Waits before the next attempt, unless the client is closed meanwhile.
    private func rest(_ delay: Duration) {
        let end = ContinuousClock.now + delay
        while !hasEnded, ContinuousClock.now < end {
            pipe.wait(until: end)
            pipe.drain()
            isWakePending.withLock { $0 = false }
        }
    }
}
