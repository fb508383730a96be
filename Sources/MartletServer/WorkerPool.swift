import Dispatch
import Synchronization

/// The workers of a server, as many as it has loops, and which of them runs which loop.
///
/// Loop n is run by worker n modulo the number of workers that the `Spread` asks for; the others sleep. A loop changes
/// hands like this: the worker that runs it sees, between two turns, that it should be another's, writes that one's
/// number into the loop's mailbox, and rouses everybody. From then on it does not touch the loop, and the other, which
/// reads its own number there, sees all that was done before. So there is never more than one, and no lock in a turn.
final class WorkerPool: Sendable {
    let loops: [EventLoop]
    private let spread: Mutex<Spread>
    private let active: Atomic<Int>
    /// Counts what may change which loops a worker runs.
    private let changeCount = Atomic(1)
    private let remaining: Atomic<Int>
    /// Where workers without a loop wait, each at its own.
    private let rests: [DispatchSemaphore]

    init(_ loops: [EventLoop], _ spread: Spread) {
        let spread = Self.usable(spread, loops.count)
        self.loops = loops
        self.spread = Mutex(spread)
        active = Atomic(min(spread.workers, loops.count))
        remaining = Atomic(loops.count)
        rests = loops.map { _ in DispatchSemaphore(value: 0) }
        for loop in loops { loop.mailbox.worker.store(worker(for: loop), ordering: .relaxed) }
    }

    /// All loops have ended.
    var isDone: Bool { remaining.load(ordering: .acquiring) == 0 }

    /// Changes whenever a worker may have got or must give away a loop.
    var changes: Int { changeCount.load(ordering: .acquiring) }

    /// The worker that should run a loop.
    private func worker(for loop: EventLoop) -> Int { loop.index % active.load(ordering: .acquiring) }

    /// The loops that a worker runs from now on, after it has given away those that should be another's.
    func loops(of worker: Int) -> [EventLoop] {
        var own: [EventLoop] = []
        var isGiving = false
        for loop in loops where loop.mailbox.worker.load(ordering: .acquiring) == worker {
            let other = self.worker(for: loop)
            if other != worker {
                loop.mailbox.worker.store(other, ordering: .releasing)
                isGiving = true
            } else if !loop.isDone {
                own.append(loop)
            }
        }
        if isGiving { rouse() }
        return own
    }

    /// Waits until a loop may be there for a worker that has none.
    func rest(_ worker: Int) { rests[worker].wait() }

    /// A loop has had its last turn.
    func loopEnded() {
        changeCount.add(1, ordering: .acquiringAndReleasing)
        guard remaining.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
        for rest in rests { rest.signal() }
    }

    /// Takes note of how a worker fares.
    func heed(_ window: Spread.Window, of worker: Int) {
        let isChanged = spread.withLock { spread in
            let isChanged = spread.heed(window, of: worker, loops: loops.count)
            if isChanged { active.store(spread.workers, ordering: .releasing) }
            return isChanged
        }
        if isChanged { rouse() }
    }

    /// Goes by another spread from now on.
    func follow(_ other: Spread) {
        spread.withLock { spread in
            spread = Self.usable(other, loops.count)
            active.store(min(spread.workers, loops.count), ordering: .releasing)
        }
        rouse()
    }

    /// Where nothing tells when workers are too many, each loop has one.
    private static func usable(_ spread: Spread, _ loops: Int) -> Spread {
        spread.goesByTime && !ProcessorGauge.isAvailable ? .over(loops) : spread
    }

    /// Lets every worker look which loops are its own.
    private func rouse() {
        changeCount.add(1, ordering: .acquiringAndReleasing)
        for loop in loops { loop.mailbox.wakeup.wake() }
        for rest in rests { rest.signal() }
    }
}
