/// A thread that runs loops: turn after turn of its only one, or of those among several that have something to do.
struct Worker: ~Copyable {
    private let index: Int
    private let pool: WorkerPool
    private var loops: [EventLoop] = []
    private var seenChanges = 0
    private var poll = Poll()
    /// Monotonic milliseconds.
    private var now = Clock.now().monotonic
    private let gauge = ProcessorGauge()
    /// The beginning of the window that is looked at next.
    private var begin: ProcessorReading?

    /// To be made on the thread that runs it.
    init(index: Int, pool: WorkerPool) {
        self.index = index
        self.pool = pool
    }

    /// Serves until all loops have ended.
    mutating func run() {
        while !pool.isDone {
            regroup()
            switch loops.count {
            case 0: pool.rest(index)
            case 1: turn(loops[0], waiting: milliseconds(until: loops[0].dueAt))
            default: turnSeveral()
            }
            review()
        }
    }

    private mutating func regroup() {
        let changes = pool.changes
        guard changes != seenChanges else { return }
        seenChanges = changes
        loops = pool.loops(of: index)
        poll.watch(loops.map { $0.epoll.descriptor })
        now = Clock.now().monotonic
        beginWindow()
    }

    private mutating func turn(_ loop: EventLoop, waiting milliseconds: Int32) {
        assert(loop.mailbox.worker.load(ordering: .relaxed) == index, "a loop is run by its own worker only")
        loop.turn(waiting: milliseconds)
        assert(loop.mailbox.worker.load(ordering: .relaxed) == index, "a loop is given away by its own worker only")
        now = loop.state.now.monotonic
        if loop.isDone { pool.loopEnded() }
    }

    /// A loop that has nothing to do is spared a turn, which takes the core's lock.
    private mutating func turnSeveral() {
        poll.wait(milliseconds: milliseconds(until: loops.reduce(.max) { min($0, $1.dueAt) }))
        now = Clock.now().monotonic
        for place in loops.indices where poll.isReady(place) || loops[place].dueAt <= now {
            turn(loops[place], waiting: 0)
        }
    }

    /// -1 for ever.
    private func milliseconds(until instant: Int) -> Int32 {
        guard instant > now else { return 0 }
        return instant == .max ? -1 : Int32(clamping: instant - now)
    }

    // MARK: How it fares

    /// Tells the pool, when a window is over. A loop alone has nobody to be spread over.
    private mutating func review() {
        guard pool.loops.count > 1, let earlier = begin, now - earlier.instant >= Spread.windowLength else { return }
        beginWindow()
        guard let window = begin?.window(since: earlier, loops: busyLoops) else { return }
        pool.heed(window, of: index)
    }

    private mutating func beginWindow() { begin = gauge?.read(at: now) }

    private var busyLoops: Int { loops.count { $0.mailbox.connections.load(ordering: .relaxed) > 0 } }
}
