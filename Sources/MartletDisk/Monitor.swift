import Glibc

/// A lock with one place to wait for it to be left: appends leave, a journal's thread waits.
///
/// A waiting thread costs those who leave nothing unless it really sleeps.
// Unchecked: what pthreads offer for use by several threads, at places that never change.
final class Monitor: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let change: UnsafeMutablePointer<pthread_cond_t>

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        change = .allocate(capacity: 1)
        change.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        let results = [
            pthread_mutex_init(mutex, nil), pthread_condattr_init(&attributes),
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC), pthread_cond_init(change, &attributes),
        ]
        pthread_condattr_destroy(&attributes)
        precondition(results.allSatisfy { $0 == 0 }, "a plain lock needs nothing that could be missing")
    }

    deinit {
        pthread_cond_destroy(change)
        change.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Rouses the thread that waits, if one does.
    func signal() { pthread_cond_signal(change) }

    /// Within `withLock` only: leaves the lock until a signal, or until the instant has come.
    func wait(until instant: MonotonicInstant?) {
        guard let instant else {
            pthread_cond_wait(change, mutex)
            return
        }
        var time = instant.time
        pthread_cond_timedwait(change, mutex, &time)
    }
}
