import MartletProtocol

/// Output of a loop that waits until what it says is durable: whole lines for many connections, oldest first.
///
/// Connections do not wait for each other: a run that has only to be written leaves ahead of those before it that must
/// be durable. Within a connection the order is kept: whoever adds such a run sees to it that nothing of the same
/// connection waits (`Connection.unreleasedRuns`).
///
/// All of it lies in one buffer, so that holding output back costs a copy and no allocation. Without a journal, or with
/// one in memory, nothing ever waits here.
struct UnreleasedOutput: ~Copyable {
    /// Consecutive bytes for one connection.
    struct Run: BitwiseCopyable {
        let connection: ConnectionID
        let release: Release
        /// The connection is to be closed once these bytes are written.
        let closes: Bool
        fileprivate var start: Int
        fileprivate let length: Int
        fileprivate var hasLeft = false
    }

    /// Where due runs are to be found.
    struct Due {
        fileprivate let progress: Progress
        /// All of these are due or have left.
        fileprivate let front: Range<Int>
        /// Among these, which have been written since the last time, are some that need no more.
        fileprivate let ahead: Range<Int>
    }

    /// What is kept when it is empty.
    private static let keptCapacity = 1 << 20

    /// The bytes of all runs from `head` on, and of some before it.
    private var bytes = ByteBuffer(capacity: 0)
    private var runs: [Run] = []
    /// The oldest run that has not left.
    private var head = 0
    /// Runs before this one wait for durability only.
    private var scanned = 0

    var isEmpty: Bool { head == runs.count }

    /// Releases never go back: neither position is below that of an earlier run, except that `durable` may be 0.
    mutating func add(_ output: UnsafeRawBufferPointer, to connection: ConnectionID, closes: Bool, _ release: Release) {
        runs.append(
            Run(
                connection: connection,
                release: release,
                closes: closes,
                start: bytes.count,
                length: output.count
            )
        )
        bytes.append(output)
    }

    /// What may leave now that the journal has come so far. Good until something is added or removed.
    func due(_ progress: Progress) -> Due {
        var front = head
        while front < runs.count, runs[front].hasLeft || runs[front].release.isDue(progress) { front += 1 }
        let start = max(front, scanned)
        var ahead = start
        while ahead < runs.count, runs[ahead].release.written <= progress.written { ahead += 1 }
        return Due(progress: progress, front: head..<front, ahead: start..<ahead)
    }

    /// The runs that may leave, those of a connection in their order.
    func forEach(in due: Due, _ body: (Run, UnsafeRawBufferPointer) -> Void) {
        for index in due.front where !runs[index].hasLeft { body(runs[index], bytes(of: runs[index])) }
        for index in due.ahead where runs[index].release.isDue(due.progress) {
            body(runs[index], bytes(of: runs[index]))
        }
    }

    mutating func remove(_ due: Due) {
        for index in due.ahead where runs[index].release.isDue(due.progress) { runs[index].hasLeft = true }
        head = due.front.upperBound
        scanned = due.ahead.upperBound
        giveBack()
    }

    /// All runs that have not left.
    func forEachHeld(_ body: (Run, UnsafeRawBufferPointer) -> Void) {
        for run in runs[head...] where !run.hasLeft { body(run, bytes(of: run)) }
    }

    mutating func removeAll() {
        head = runs.count
        giveBack()
    }

    private func bytes(of run: Run) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes.bytes[run.start..<run.start + run.length])
    }

    /// Each byte is moved at most once for one that has left.
    private mutating func giveBack() {
        if isEmpty {
            runs.removeAll(keepingCapacity: true)
            bytes.truncate(to: 0, keepingCapacity: Self.keptCapacity)
            (head, scanned) = (0, 0)
        } else if head > runs.count / 2, runs[head].start > bytes.count / 2 {
            removeFirst(head)
        }
    }

    private mutating func removeFirst(_ count: Int) {
        let start = runs[count].start
        bytes.removeFirst(start)
        runs.removeFirst(count)
        for index in runs.indices { runs[index].start -= start }
        scanned -= count
        head = 0
    }
}
