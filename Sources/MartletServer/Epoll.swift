import CLinux

/// What a descriptor is watched for, and what has happened to it.
struct EpollEvents: OptionSet {
    let rawValue: UInt32

    static let readable = EpollEvents(rawValue: EPOLLIN.rawValue)
    static let writable = EpollEvents(rawValue: EPOLLOUT.rawValue)
    /// The peer has sent its last byte.
    static let peerEnded = EpollEvents(rawValue: EPOLLRDHUP.rawValue)
    /// Both directions are over.
    static let hungUp = EpollEvents(rawValue: EPOLLHUP.rawValue)
    static let failed = EpollEvents(rawValue: EPOLLERR.rawValue)
    /// An event is told once when it happens, not as long as it lasts.
    static let edgeTriggered = EpollEvents(rawValue: EPOLLET.rawValue)
}

/// The kernel's list of descriptors to watch, each with a number of ours that comes back in its events.
struct Epoll: ~Copyable {
    struct Event {
        let events: EpollEvents
        let data: UInt64
    }

    /// Events taken in one call: enough to spread its cost thin, few enough that a turn stays short.
    static let eventsPerWait = 512

    /// Readable while there are events.
    let descriptor: Int32
    private let space: UnsafeMutablePointer<epoll_event>

    init() throws(SystemError) {
        descriptor = try SystemCall.check("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
        space = .allocate(capacity: Self.eventsPerWait)
        space.initialize(repeating: epoll_event(), count: Self.eventsPerWait)
    }

    deinit {
        SystemCall.close(descriptor)
        space.deallocate()
    }

    func add(_ watched: Int32, _ events: EpollEvents, data: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, watched, events, data)
    }

    func change(_ watched: Int32, _ events: EpollEvents, data: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, watched, events, data)
    }

    private func control(_ act: Int32, _ watched: Int32, _ events: EpollEvents, _ data: UInt64) throws(SystemError) {
        var event = epoll_event(events: events.rawValue, data: epoll_data_t(u64: data))
        try SystemCall.check("epoll_ctl") { epoll_ctl(descriptor, act, watched, &event) }
    }

    /// Sleeps until something happens, at most `milliseconds` (-1: for ever), and says how many events there are.
    func wait(milliseconds: Int32) -> Int {
        // It can fail by interruption only, which counts as waking up with nothing to do.
        Int(max(0, epoll_wait(descriptor, space, Int32(Self.eventsPerWait), milliseconds)))
    }

    /// An event of the last `wait`.
    subscript(index: Int) -> Event {
        let event = space[index]
        return Event(events: EpollEvents(rawValue: event.events), data: event.data.u64)
    }
}
