import MartletProtocol

/// Reads sockets and parses what came: the half of a turn before the core is entered.
///
///     intake.begin(limits)
///     for connection in readable { intake.read(connection) }
///     … broker.handle(intake.batch, line, …) for the lines of each portion …
///     intake.finish()                       // what was not handled is kept by its connection
///
/// A connection that has sent a little of a line keeps just that; it is copied in front of what comes next. Only a long
/// line is collected in a buffer of the connection's own, so that no line is copied more often than its length allows.
struct Intake: ~Copyable {
    enum Outcome {
        /// All that had arrived was read.
        case drained
        /// More has arrived than the connection's share of this turn.
        case more
        /// The turn has no room left for it.
        case postponed
        /// The peer has sent its last byte.
        case ended
        case lost
    }

    /// Bytes a connection may have read in one turn, so that one that floods us does not keep the others waiting.
    static let share = 64 << 10
    /// A longer unfinished line is collected in the connection's own buffer.
    static let copiedAtMost = 4 << 10
    /// Bytes that held connections may have parsed again in one turn; the last of them may exceed it.
    static let resumedAtOnce = 256 << 10
    /// With less room than this the turn reads no more.
    private static let leastRoom = copiedAtMost + 16 << 10

    let batch = RequestBatch()
    private(set) var portions: [Portion] = []
    /// Portions from this one on are of connections that were held.
    private(set) var firstResumed = 0
    private var buffer = TurnBuffer()
    /// Where each line of the batch begins in its portion; `alwaysHandled` for one whose bytes are gone.
    private var starts: [Int] = []
    private var budget = 0
    private var limits = Limits()

    private static let alwaysHandled = -1

    mutating func begin(_ limits: Limits) {
        self.limits = limits
        budget = TurnBuffer.capacity
    }

    /// All is read; what follows was read before and is resumed.
    mutating func endReading() { firstResumed = portions.count }

    /// Reads a connection once and parses its complete lines.
    mutating func read(_ connection: Connection) -> Outcome {
        let room = min(Self.share, budget, connection.isLong ? .max : buffer.room - connection.unfinished.count)
        guard room >= Self.leastRoom else { return .postponed }
        let space = connection.isLong ? connection.unfinished.reserve(room) : prepare(connection)
        switch SystemCall.receive(connection.descriptor, into: space, room) {
        case .moved(let count):
            budget -= count
            frame(connection, addedBytes: count)
            return count == room ? .more : .drained
        case .wouldBlock: return .drained
        case .ended: return .ended
        case .lost: return .lost
        }
    }

    /// Parses again the lines of a connection that were not handled when they came.
    mutating func resume(_ connection: Connection) {
        connection.hold = nil
        frame(connection, bytes: connection.unfinished.bytes, isOwn: true)
    }

    /// The connection's peer says no more: the core is told so after all it has said.
    mutating func end(_ connection: Connection) {
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        let lines = batch.count..<batch.count
        portions.append(
            Portion(connection: connection, bytes: nothing, isOwn: true, lines: lines, kept: 0, isEnd: true)
        )
    }
}

// MARK: Framing

extension Intake {
    /// Copies what there is of an unfinished line into the turn's buffer, and returns the place behind it.
    private func prepare(_ connection: Connection) -> UnsafeMutableRawPointer {
        let start = buffer.free
        let unfinished = connection.unfinished.bytes
        if let bytes = unfinished.baseAddress { start.copyMemory(from: bytes, byteCount: unfinished.count) }
        return start + unfinished.count
    }

    private mutating func frame(_ connection: Connection, addedBytes count: Int) {
        if connection.isLong {
            connection.unfinished.advance(by: count)
            frame(connection, bytes: connection.unfinished.bytes, isOwn: true)
        } else {
            let bytes = buffer.take(connection.unfinished.count + count)
            frame(connection, bytes: bytes, isOwn: false)
        }
    }

    private mutating func frame(_ connection: Connection, bytes: UnsafeRawBufferPointer, isOwn: Bool) {
        let first = batch.count
        while true {
            switch connection.framer.next(in: bytes, maxLine: limits.maxLine) {
            case .line(let range):
                let line = UnsafeRawBufferPointer(rebasing: bytes[range])
                guard !RequestBatch.isBlank(line) else { continue }
                batch.parse(line, limits: limits)
                starts.append(range.lowerBound)
            case .tooLong(let range):
                batch.refuse(tooLong: UnsafeRawBufferPointer(rebasing: bytes[range]), limits: limits)
                starts.append(Self.alwaysHandled)
            case .incomplete(let consumed):
                if batch.count == first, !connection.hasSpoken, Stranger.speaksTLS(bytes) {
                    batch.fail(Stranger.tls.failure, closes: true)
                    starts.append(Self.alwaysHandled)
                }
                let lines = first..<batch.count
                portions.append(
                    Portion(connection: connection, bytes: bytes, isOwn: isOwn, lines: lines, kept: consumed)
                )
                return
            }
        }
    }

    /// Whether a line can be handled later; the bytes of the others are not there any more.
    func mayWait(_ line: Int) -> Bool { starts[line] != Self.alwaysHandled }

    /// No more of a portion is handled in this turn than the lines before this one.
    mutating func hold(_ portion: Int, from line: Int, _ reason: Connection.Hold) {
        precondition(mayWait(line), "only a line whose bytes are there can be parsed again")
        portions[portion].kept = starts[line]
        portions[portion].connection.hold = reason
        portions[portion].connection.framer = LineFramer()
    }

    /// Ends the turn: each connection keeps what was not handled, and the memory of the turn is free again.
    mutating func finish() {
        for portion in portions {
            if portion.connection.phase == .finishing {
                // Not before: lines of this turn may lie in it.
                portion.connection.unfinished.truncate(to: 0, keepingCapacity: 0)
            } else if portion.bytes.count > 0 {
                portion.keepRest()
            }
        }
        portions.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        batch.removeAll()
        buffer.removeAll()
    }
}

extension Connection {
    /// Its unfinished line is too long to be copied again each time a bit more of it comes.
    fileprivate var isLong: Bool { unfinished.count > Intake.copiedAtMost }
}

extension Portion {
    /// Leaves to the connection exactly the bytes that are to be handled later.
    fileprivate func keepRest() {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[kept...])
        if isOwn, kept == 0, rest.count > Intake.copiedAtMost { return }
        if rest.isEmpty, connection.unfinished.count == 0 { return }
        var unfinished = ByteBuffer(capacity: rest.count)
        unfinished.append(rest)
        connection.unfinished = unfinished
    }
}
