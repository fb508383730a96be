public import FoundationEssentials

extension Client {
    /// Deletes one message.
    ///
    /// - Parameter force: Even if this client has not leased it.
    public func delete(_ message: MessageReference, from queue: String, force: Bool = false) async throws {
        var line = RequestLine.settling("delete", message, queue)
        if force { line.add("force", true) }
        _ = try await perform(line)
    }

    /// Deletes what can be deleted of several messages, and says of the others why not.
    public func delete(ids: [Int], from queue: String, force: Bool = false) async throws -> Deletion {
        var line = RequestLine("delete")
        line.add("queue", queue)
        line.add("ids", ids)
        if force { line.add("force", true) }
        return try Deletion(try await perform(line))
    }

    /// Deletes what can be deleted of several leased messages, and says of the others why not.
    public func delete(receipts: [String], from queue: String) async throws -> Deletion {
        var line = RequestLine("delete")
        line.add("queue", queue)
        line.add("receipts", receipts)
        return try Deletion(try await perform(line))
    }

    /// Gives a leased message back to be delivered again, after `delay`.
    ///
    /// - Parameter counted: False if this delivery should not count towards the queue's `maxAttempts`.
    public func release(
        _ message: MessageReference,
        in queue: String,
        delay: Duration? = nil,
        counted: Bool = true
    ) async throws {
        var line = RequestLine.settling("release", message, queue)
        line.add("delay", delay)
        if !counted { line.add("uncounted", true) }
        _ = try await perform(line)
    }

    /// The lease ends `lease` from now, whatever it was before.
    ///
    /// - Returns: When it ends.
    @discardableResult
    public func extend(_ message: MessageReference, in queue: String, lease: Duration) async throws -> Date {
        var line = RequestLine.settling("extend", message, queue)
        line.add("lease", lease)
        return Date(milliseconds: try await perform(line).integer("lease_until"))
    }

    /// Gives up on a leased message: it is dead, or moves to the queue's `deadLetter`.
    public func reject(_ message: MessageReference, in queue: String, reason: String? = nil) async throws {
        var line = RequestLine.settling("reject", message, queue)
        line.add("reason", reason)
        _ = try await perform(line)
    }

    /// Makes dead messages ready again, their attempts reset.
    ///
    /// - Parameters:
    ///   - max: How many at most; nil is all.
    ///   - target: The queue they move to; nil is their own.
    /// - Returns: How many.
    @discardableResult
    public func redrive(_ queue: String, max: Int? = nil, to target: String? = nil) async throws -> Int {
        var line = RequestLine("redrive")
        line.add("queue", queue)
        line.add("max", max)
        line.add("to", target)
        return try await perform(line).integer("moved")
    }

    /// Deletes a queue's messages.
    ///
    /// - Parameter state: Only those; nil is all that are not leased.
    /// - Returns: How many.
    @discardableResult
    public func purge(_ queue: String, state: MessageState? = nil) async throws -> Int {
        var line = RequestLine("purge")
        line.add("queue", queue)
        line.add("state", state?.rawValue)
        return try await perform(line).integer("purged")
    }
}
