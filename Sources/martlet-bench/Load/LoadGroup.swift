import Glibc

/// Several loops, each on a thread of its own, measured over the same time.
enum LoadGroup {
    /// Runs the first loop on the calling thread and the others beside it; the tallies are added to the first one's.
    /// - Parameter edge: called by the first loop.
    static func run(
        _ loops: [LoadLoop],
        _ duration: LoadLoop.Duration,
        edge: (LoadLoop.Edge) -> Void = { _ in }
    ) throws -> Double {
        let others = try loops.dropFirst().map { try Worker($0, duration) }
        let result = Result { try loops[0].run(duration, edge: edge) }
        var failure: (any Error)?
        for other in others {
            other.join()
            failure = failure ?? other.failure
            loops[0].tally.add(other.loop.tally)
        }
        if let failure { throw failure }
        return try result.get()
    }

    // Sound because a loop is touched by its thread only from `pthread_create` to `pthread_join`, which order the
    // accesses before and after.
    private final class Worker: @unchecked Sendable {
        let loop: LoadLoop
        private let duration: LoadLoop.Duration
        private(set) var failure: (any Error)?
        private var thread = pthread_t()

        init(_ loop: LoadLoop, _ duration: LoadLoop.Duration) throws {
            self.loop = loop
            self.duration = duration
            let context = Unmanaged.passRetained(self)
            let result = pthread_create(
                &thread,
                nil,
                { context in
                    guard let context else { return nil }
                    Unmanaged<Worker>.fromOpaque(context).takeRetainedValue().work()
                    return nil
                },
                context.toOpaque()
            )
            if result != 0 {
                context.release()
                throw SystemError(call: "pthread_create", number: result)
            }
        }

        func join() { pthread_join(thread, nil) }

        private func work() {
            do { _ = try loop.run(duration) } catch { failure = error }
        }
    }
}
