import Dispatch
import Glibc
import MartletClient

/// What `top` reacts to.
enum TopEvent: Sendable {
    case key(UInt8)
    case resized
    case interrupted
    case figures(BrokerStatistics, [QueueStatistics])
    case trouble(String)
}

/// Keys and signals as events, as long as the value lives.
final class TopInput {
    let events: AsyncStream<TopEvent>
    /// Where other events are added.
    let arrivals: AsyncStream<TopEvent>.Continuation
    private var sources: [any DispatchSourceProtocol] = []

    init() {
        (events, arrivals) = AsyncStream.makeStream(of: TopEvent.self, bufferingPolicy: .bufferingNewest(64))
        let arrivals = arrivals
        watch(DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO)) {
            var byte: UInt8 = 0
            arrivals.yield(read(STDIN_FILENO, &byte, 1) == 1 ? .key(byte) : .interrupted)
        }
        for (number, event) in [(SIGINT, TopEvent.interrupted), (SIGTERM, .interrupted), (SIGWINCH, .resized)] {
            watch(DispatchSource.makeSignalSource(signal: number)) { arrivals.yield(event) }
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }

    private func watch(_ source: any DispatchSourceProtocol, _ handler: @escaping @Sendable () -> Void) {
        source.setEventHandler(handler: handler)
        source.resume()
        sources.append(source)
    }
}
