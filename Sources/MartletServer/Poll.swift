import Glibc

/// Waits for several epoll instances at once.
struct Poll {
    private var watched: [pollfd] = []

    mutating func watch(_ descriptors: [Int32]) {
        watched = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }

    /// Sleeps until one of them has events, at most `milliseconds` (-1: for ever).
    mutating func wait(milliseconds: Int32) {
        // It can fail by interruption, or for want of memory: both count as waking up with nothing to do.
        guard poll(&watched, nfds_t(watched.count), milliseconds) < 0 else { return }
        for place in watched.indices { watched[place].revents = 0 }
    }

    /// Whether there were events in the last `wait`.
    func isReady(_ place: Int) -> Bool { watched[place].revents != 0 }
}
