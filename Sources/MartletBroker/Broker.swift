package import MartletProtocol

/// The pure core: queues, leases, topics, sessions. A deterministic state machine without clock, socket or randomness.
///
/// One thread at a time, once per batch of requests:
///
///     broker.advance(to: now)                                    // leases end, delays are over, waits time out
///     broker.handle(batch, line, from: session, now: now)        // for each line of each connection, in order
///     broker.swapOutbox(ofLoop: 0, with: &outbox)                // replies and deliveries, to be written out
///
/// A request is carried out in three steps. *Decide*: an operation (`Operations/`) checks it, reading only, and notes
/// what is to be done as changes in the plan. *Record*: `commit` hands over the changes. *Apply*: `apply(_:)` makes
/// them true and cannot fail. Then the queues it touched are dispatched: their consumers get what is there, in
/// several goes if it is very much.
package final class Broker {
    /// May be replaced at any time; limits that are lower than what is there hold for what comes.
    package var settings: BrokerSettings
    /// The instant of the call that is being carried out.
    var now: Now
    let startedAt: Now

    // What is durable: changed by `apply(_:)` only.
    let store = MessageStore()
    var queues: QueueTable
    var bindings = BindingTable()
    let leases = Slab<Lease>()
    var lastSerial: UInt64
    /// What queues that are gone have done.
    var retired = QueueCounters()
    /// Keys that the queues' dedup tables hold.
    var dedupEntries = 0
    /// About the bytes of the journal's records of the queues' histories.
    var historyBytes = 0

    // What the journal is told, and needs to know.
    var recorder = Recorder()
    /// Which messages can be recovered from which segment; kept if there is a journal.
    var segments = SegmentLedger(first: 1)
    var isJournaled = false
    /// As the shell has last seen it.
    var journal = JournalGauge() { didSet { limitTurn() } }
    /// Numbers the turns of the shell: 1, 2, 3, …
    package var turn: UInt64 = 0
    /// Everything that was recorded up to this turn is durable.
    package var durableTurn: UInt64 = 0
    /// Whether a message was handed over since this was last reset that nobody may see yet.
    var handsOverUndurable = false
    /// The journal is being read.
    var isReplaying = false
    /// It was read: leases of connections of an earlier run may be there.
    var hasRecovered = false
    var replay = Replay()
    var restatement: Restatement? { didSet { limitTurn() } }
    /// Bytes that one turn may record, besides what is kept for the cut that is under way.
    var turnRoom = Int.max
    var pendingCut: UInt32?
    /// Bytes recorded in the turn before, but for what was stated anew; and in this turn, what was.
    var recordedBytes = 0
    var restatedBytes = 0
    var segmentSize = 0
    /// The size of the journal when stating anew did not make it shorter; 0 when it last did.
    var bytesInVain = 0
    /// The next turn is to come at once, to see how the journal stands.
    var isHeedDue = false
    /// The cut that was too dear when the journal was full, what room there was, and when to look again.
    var deniedCut: (target: UInt32, room: Int, until: Int)?

    // What lives with the connections.
    var sessions = SessionTable()
    let consumers = Slab<Consumer>()
    let claims = Slab<Claim>()
    /// The `tag` of waiting receives that have one.
    var tags: [UInt32: [UInt8]] = [:]
    var waitingReceivers = 0
    let outboxes: Outboxes
    /// The text of the `sent_at` written last.
    var sentAt = DecimalText()

    // What is under way.
    var deadlines = Deadlines(none: Deadline.message(0))
    var timeouts = Deadlines(none: Timeout.consumer(0))
    var plan = Plan()
    /// Queues in which there may be something to deliver; none between two calls.
    var touched: [UInt32] = []
    /// Those in which there is more of it: they wait for the next turn, or for room in the journal.
    var unserved: [UInt32] = []
    var jobs: [Job] = []
    /// Sessions that have ended and may still wait for something.
    var ended = ChunkedDeque<SessionID>()
    /// How much may be done for connections that have ended from one `advance` to the next, about as many messages
    /// could be removed meanwhile; and how much of that is left.
    var endingsAtOnce = 4_000
    var endingsLeft = 4_000
    var isDraining = false
    /// Messages handed over in one go, about.
    var handOversAtOnce = 2_000
    /// Consumers of a dropped queue that a slice dismisses, about.
    var dismissalsAtOnce = 2_000
    /// How many hand-overs may still be in this go, and how many expired messages may still be found in the way.
    var handOversLeft = 0
    var expiriesLeft = 0
    /// Whether the line handled last may have taken much longer than it takes to deal with one message.
    package internal(set) var tookLong = false

    /// - Parameters:
    ///   - loops: how many I/O loops there are, each with an outbox of its own.
    ///   - incarnation: a number larger than that of any earlier run; receipts are made unique by it.
    package init(settings: BrokerSettings, loops: Int, incarnation: UInt64, now: Now) {
        self.settings = settings
        self.now = now
        startedAt = now
        outboxes = Outboxes(count: loops)
        queues = QueueTable(key: incarnation &* 0x9E37_79B9_7F4A_7C15)
        // Room for a million leases a millisecond of life, when incarnations are milliseconds.
        lastSerial = incarnation << 20
    }

    /// What is to happen at an instant, and is recorded: with no room in the journal it is put off.
    enum Deadline: BitwiseCopyable {
        /// A lease ends, a delay is over, or a message expires.
        case message(UInt32)
        /// A queue may have been unused for long enough to go.
        case unused(queue: UInt32)
    }

    /// What somebody waits for until an instant; of its end nothing is recorded.
    enum Timeout: BitwiseCopyable {
        /// A receive has waited long enough.
        case consumer(UInt32)
        /// A queue's rate allows for a message again.
        case rate(queue: UInt32)
    }

    // MARK: Requests

    /// Handles lines of one connection, in order, for as long as it may have more replies to come (`accepts`), and not
    /// beyond one that may have taken long (`tookLong`), so that the caller can look at the clock.
    ///
    /// The replies are in the outbox now, or come when a waiting receive is answered.
    /// - Returns: the first line that was not handled, the end of `lines` if all were.
    package func handle(_ batch: RequestBatch, lines: Range<Int>, from id: SessionID, now: Now) -> Int {
        guard let session = sessions[id] else { return lines.upperBound }
        self.now = now
        tookLong = false
        for line in lines {
            guard accepts(session) else { return line }
            handle(batch, line, session)
            if tookLong { return line + 1 }
        }
        return lines.upperBound
    }

    /// Handles one parsed line, whatever the peer owes us.
    package func handle(_ batch: RequestBatch, _ line: Int, from id: SessionID, now: Now) {
        guard let session = sessions[id] else { return }
        self.now = now
        handle(batch, line, session)
    }

    @inline(__always)
    private func handle(_ batch: RequestBatch, _ line: Int, _ session: Session) {
        guard !session.isClosing, !session.closesWhenAnswered else { return }
        if let request = batch.request(at: line) {
            perform(request, for: session)
        } else {
            refuse(batch[line], session)
        }
        if !touched.isEmpty { dispatchTouched() }
    }

    /// Answers a line that is no request.
    @inline(never)
    private func refuse(_ entry: RequestBatch.Entry, _ session: Session) {
        guard case .failure(let failure, let tag, let closes) = entry else { return }
        let start = beginReply(session)
        writeFailure(failure, tag: tag)
        endReply(session, from: start, closes: closes)
    }

    @inline(__always)
    private func perform(_ request: Request, for session: Session) {
        let start = beginReply(session)
        do throws(Failure) {
            if isDraining || isJournaled { try checkIsTaken(request) }
            if request.isBulk { tookLong = true }
            reply.append("{\"ok\":true")
            write(tag: request.tag)
            if try carryOut(request, for: session) == .waits { return cancelReply(from: start) }
            reply.append("}\n")
        } catch {
            writeFailure(error, of: request, from: start)
        }
        endReply(session, from: start, closes: request.operation == .quit)
        // Only now: a change may write lines to others, and lines do not stand inside each other.
        commitPlan()
    }

    /// Nothing of the request is done, and its reply says why.
    @inline(never)
    private func writeFailure(_ failure: Failure, of request: Request, from start: Int) {
        discardPlan()
        cancelReply(from: start)
        writeFailure(failure, tag: request.tag)
    }

    @inline(never)
    private func checkIsTaken(_ request: Request) throws(Failure) {
        if isDraining, request.operation.isNewWork { throw Failure(.draining, "the broker is shutting down") }
        if isJournaled { try checkJournalTakes(request) }
    }
}

/// Whether a request has been answered or waits for messages.
enum Outcome {
    case answered, waits
}

extension Request {
    /// Whether it may concern more than one message, or takes a search.
    @inline(__always)
    fileprivate var isBulk: Bool {
        switch operation {
        case .send, .receive, .delete, .release, .extend, .reject, .ping, .hello, .quit:
            has(.messages) || has(.max) || has(.queues) || has(.ids) || has(.receipts)
        default: true
        }
    }
}

extension Operation {
    /// What a broker that is shutting down takes on no more; settling what is under way goes on.
    var isNewWork: Bool {
        switch self {
        case .send, .receive, .subscribe, .publish, .atomic, .declare, .bind, .redrive: true
        default: false
        }
    }
}
