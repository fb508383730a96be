import MartletJournal
import MartletProtocol
import Synchronization

/// What the loops of a server share besides the core: each other's mailboxes, and how many connections there are.
final class LoopGroup: Sendable {
    let mailboxes: [Mailbox]
    let report: @Sendable (ServerEvent) -> Void
    let journal: (any Journal)?
    private let connectionCount = Atomic(0)
    /// Bit n: loop n holds output until the journal has come further.
    private let holding = Atomic<UInt64>(0)

    init(
        loops: Int,
        journal: (any Journal)?,
        report: @escaping @Sendable (ServerEvent) -> Void
    ) throws(SystemError) {
        var mailboxes: [Mailbox] = []
        for _ in 0..<loops { mailboxes.append(try Mailbox()) }
        self.mailboxes = mailboxes
        self.report = report
        self.journal = journal
    }

    // MARK: Waiting for the journal

    func hold(_ loop: Int) { holding.bitwiseOr(1 << UInt64(loop), ordering: .sequentiallyConsistent) }

    func letGo(_ loop: Int) { holding.bitwiseAnd(~(1 << UInt64(loop)), ordering: .sequentiallyConsistent) }

    /// The journal has come further, or has failed.
    func journalAdvanced() { wake(holding.load(ordering: .sequentiallyConsistent)) }

    // MARK: Connections

    /// Counts a connection in, unless there are `maximum` already.
    func admit(maximum: Int) -> Bool {
        guard connectionCount.add(1, ordering: .relaxed).newValue > maximum else { return true }
        connectionCount.subtract(1, ordering: .relaxed)
        return false
    }

    /// A connection that was admitted, and went to this loop, has gone.
    func dismiss(fromLoop loop: Int) {
        connectionCount.subtract(1, ordering: .relaxed)
        mailboxes[loop].connections.subtract(1, ordering: .relaxed)
    }

    /// The loop with the fewest connections, which from now on has one more.
    func assignLoop() -> Int {
        var least = 0
        var count = Int.max
        for (index, mailbox) in mailboxes.enumerated() {
            let connections = mailbox.connections.load(ordering: .relaxed)
            if connections < count { (least, count) = (index, connections) }
        }
        mailboxes[least].connections.add(1, ordering: .relaxed)
        return least
    }

    /// Wakes the loops whose bits are set.
    func wake(_ loops: UInt64) { forEach(of: loops) { $0.wakeup.wake() } }

    /// Wakes the loops whose bits are set, for one that is in a turn. Those of the same worker need no system call.
    func wake(_ loops: UInt64, from loop: Int) {
        let worker = mailboxes[loop].worker.load(ordering: .relaxed)
        forEach(of: loops) { mailbox in
            if mailbox.worker.load(ordering: .relaxed) == worker {
                mailbox.wakeup.mark()
            } else {
                mailbox.wakeup.wake()
            }
        }
    }

    private func forEach(of loops: UInt64, _ body: (Mailbox) -> Void) {
        var rest = loops
        while rest != 0 {
            let index = rest.trailingZeroBitCount
            rest &= rest - 1
            if index < mailboxes.count { body(mailboxes[index]) }
        }
    }
}
