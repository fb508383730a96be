import Glibc

/// A mutual exclusion for what a `Mutex` of the standard library cannot hold: the broker together with the buffers of
/// the loop that enters it.
///
/// The plain futex behind it lets a running loop take it again before a woken one does, which keeps the work going
/// where the caches are warm; nobody holds it across a system call, so nobody starves.
// Unchecked: a pthread mutex is made to be used from several threads, and its place never changes.
final class Lock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        let result = pthread_mutex_init(mutex, nil)
        precondition(result == 0, "a plain mutex needs nothing that could be missing")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func withLock<Result>(_ body: () throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }
}
