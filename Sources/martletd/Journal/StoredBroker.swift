import MartletBroker
import MartletJournal
import MartletServer

/// The broker that a daemon would start with, read from a journal without a daemon.
enum StoredBroker {
    /// Throws what would stop the start.
    static func read(_ source: any SegmentSource) throws -> Broker {
        let now = Clock.now()
        let broker = Broker(settings: BrokerSettings(), loops: 1, incarnation: UInt64(now.wall), now: now)
        let recovery = try Recovery(source, medium: .files)
        broker.beginReplay(firstSegment: recovery.segments.first?.number ?? 1)
        try recovery.replay { entry, segment in
            do throws(RecordDefect) {
                try broker.replay(entry, segment: segment)
            } catch {
                let file = SegmentName.segment(segment).text
                throw Restoration.Failure(
                    description: "\(file) holds an entry that means nothing to this release: \(error). "
                        + "If a later one has written it, start that"
                )
            }
        }
        broker.endReplay(now: now, grace: .max / 4)
        makeTimePass(broker, now)
        return broker
    }

    /// What was due meanwhile is due at the start: times to live, leases, delays.
    private static func makeTimePass(_ broker: Broker, _ now: Now) {
        broker.dropTemporaryQueues()
        repeat { broker.advance(to: now) } while broker.nextDeadline.map { $0 <= now.monotonic } ?? false
    }
}
