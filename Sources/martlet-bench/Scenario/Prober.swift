import Glibc
import Synchronization

/// A thread that sends, receives and deletes on a connection and a queue of its own, one request at a time without a
/// pause, and notes how long each took: what other users of a server feel.
///
/// With always one request under way, the longest stall is seen from its beginning.
final class Prober {
    private let work: Work
    private var thread = pthread_t()

    // Sound because only the thread touches the connection and the latencies until `pthread_join`; the flag is atomic.
    private final class Work: @unchecked Sendable {
        let connection: PlainConnection
        let phrases: Phrases
        let isOver = Atomic(false)
        var latencies = Tally.emptyLatencies()
        var failure: (any Error)?

        init(_ target: Target, queue: String) throws {
            phrases = target.peer.phrases(for: Speaker(queues: [queue], bodySize: 100))
            connection = try PlainConnection(target, greeting: phrases.greeting)
        }

        func run() {
            do {
                while !isOver.load(ordering: .relaxed) { try probe() }
            } catch {
                failure = error
            }
        }

        private func probe() throws {
            let handles = connection.handles
            handles.removeAll()
            try measure { $0.append(phrases.sends[0], stamp: Instant.now()) }
            try measure { $0.append(phrases.receives[0]) }
            try measure { phrases.deletes[0].write(handles, 0..<handles.count, to: $0) }
        }

        private func measure(_ write: (OutputBuffer) -> Void) throws {
            let start = Instant.now()
            try connection.exchange(replies: 1, write)
            latencies.record(min(Instant.now() - start, 100_000_000_000))
        }
    }

    /// Begins to probe.
    init(_ target: Target, queue: String) throws {
        work = try Work(target, queue: queue)
        let context = Unmanaged.passRetained(work)
        let result = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            context.toOpaque()
        )
        if result != 0 {
            context.release()
            throw SystemError(call: "pthread_create", number: result)
        }
    }

    /// Ends, and tells what was measured; to be called once.
    func finish() throws -> Tally.Latencies {
        work.isOver.store(true, ordering: .relaxed)
        pthread_join(thread, nil)
        if let failure = work.failure { throw failure }
        return work.latencies
    }
}
