import ArgumentParser
import Dispatch
import Glibc

/// Runs work that SIGINT and SIGTERM cancel instead of killing the program, so that it can put things back in order.
///
/// A second signal kills, for whoever has lost patience.
enum Interruption {
    /// - Throws: `ExitCode(128 + signal)` if the work was interrupted.
    static func guarding<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let (signals, arrivals) = AsyncStream.makeStream(of: Int32.self)
        var sources: [any DispatchSourceSignal] = []
        for number in [SIGINT, SIGTERM] { sources.append(await source(number) { arrivals.yield(number) }) }
        defer { for source in sources { source.cancel() } }
        let work = Task(operation: work)
        let watch = Task { () -> Int32? in
            var interruption: Int32?
            for await number in signals {
                if interruption != nil { exit(128 + number) }
                interruption = number
                work.cancel()
            }
            return interruption
        }
        let outcome = await work.result
        arrivals.finish()
        if let number = await watch.value { throw ExitCode(128 + number) }
        return try outcome.get()
    }

    /// A source that is watching when the call returns; until then the signal still kills.
    private static func source(
        _ number: Int32,
        _ handler: @escaping @Sendable () -> Void
    ) async -> any DispatchSourceSignal {
        let source = DispatchSource.makeSignalSource(signal: number)
        source.setEventHandler(handler: handler)
        await withCheckedContinuation { continuation in
            source.setRegistrationHandler { continuation.resume() }
            source.resume()
        }
        return source
    }
}
