import CLinux
import Glibc

/// The kernel's list of sockets to watch, each with a number of ours that comes back in its events.
struct Epoll: ~Copyable {
    static let readable = EPOLLIN.rawValue
    static let writable = EPOLLOUT.rawValue

    private static let eventsPerWait = 512
    private let descriptor: Int32
    private let space: UnsafeMutablePointer<epoll_event>

    init() throws {
        descriptor = try SystemCall.check("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
        space = .allocate(capacity: Self.eventsPerWait)
        space.initialize(repeating: epoll_event(), count: Self.eventsPerWait)
    }

    deinit {
        close(descriptor)
        space.deallocate()
    }

    func add(_ watched: Int32, _ events: UInt32, data: Int) throws {
        try control(EPOLL_CTL_ADD, watched, events, data)
    }

    func change(_ watched: Int32, _ events: UInt32, data: Int) throws {
        try control(EPOLL_CTL_MOD, watched, events, data)
    }

    private func control(_ act: Int32, _ watched: Int32, _ events: UInt32, _ data: Int) throws {
        var event = epoll_event(events: events, data: epoll_data_t(u64: UInt64(data)))
        try SystemCall.check("epoll_ctl") { epoll_ctl(descriptor, act, watched, &event) }
    }

    /// Sleeps until something happens, at most `duration`, and says how many events there are. Nanoseconds, because
    /// an open loop that sleeps in milliseconds would be late by half of one on average and call it latency.
    func wait(atMost duration: Nanoseconds) -> Int {
        var timeout = timespec(tv_sec: Int(duration / 1_000_000_000), tv_nsec: Int(duration % 1_000_000_000))
        // It can fail by interruption only, which counts as waking up with nothing to do.
        return Int(max(0, epoll_pwait2(descriptor, space, Int32(Self.eventsPerWait), &timeout, nil)))
    }

    /// An event of the last `wait`.
    subscript(index: Int) -> (events: UInt32, data: Int) {
        (space[index].events, Int(space[index].data.u64))
    }
}
