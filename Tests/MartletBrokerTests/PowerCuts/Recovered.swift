import MartletBroker
import MartletJournal
import MartletSimulatedDisk

/// What a start finds on a disk: a broker that has read it, and the model at the moment that it was recovered to.
struct Recovered {
    let recovery: Recovery
    let broker: Broker
    /// Has read the same.
    let double: Broker
    let model: Model
    let now: Now

    /// How a broker starts.
    struct Start {
        let settings: BrokerSettings
        let incarnation: UInt64
        let now: Now
        /// Milliseconds that leases run on at most.
        let grace: Int
    }

    /// Something is there that cannot be.
    struct Mismatch: Error {
        let explanation: String
    }

    /// - Parameter moments: one of them must be what is there.
    init(from disk: SimulatedDisk, _ start: Start, oneOf moments: ArraySlice<Model>) throws {
        now = start.now
        recovery = try Recovery(disk, medium: .files)
        var entries: [(payload: [UInt8], segment: UInt32)] = []
        try recovery.replay { entries.append((Array($0), $1)) }
        let first = recovery.segments.first?.number
        broker = try Self.broker(start, first, entries)
        double = try Self.broker(start, first, entries)
        model = try Self.find(Picture(try Self.broker(start, first, entries), now: now), among: moments, start)
    }

    private static func broker(
        _ start: Start,
        _ firstSegment: UInt32?,
        _ entries: [(payload: [UInt8], segment: UInt32)]
    ) throws -> Broker {
        let broker = Broker(settings: start.settings, loops: 1, incarnation: start.incarnation, now: start.now)
        guard let firstSegment else { return broker }
        broker.beginReplay(firstSegment: firstSegment)
        for entry in entries { try entry.payload.withUnsafeBytes { try broker.replay($0, segment: entry.segment) } }
        let losses = broker.endReplay(now: start.now, grace: start.grace)
        if !losses.isEmpty { throw Mismatch(explanation: "what was read does not fit together: \(losses)") }
        if let broken = broker.firstBrokenInvariant { throw Mismatch(explanation: "broken invariant: \(broken)") }
        return broker
    }

    private static func find(_ picture: Picture, among moments: ArraySlice<Model>, _ start: Start) throws -> Model {
        var differences: [String] = []
        for moment in moments.reversed() {
            var model = moment
            model.restart(at: start.now.wall, grace: start.grace)
            guard let difference = Picture(model).difference(to: picture) else { return model }
            differences.append(difference)
        }
        // The earliest moment: what was acknowledged.
        let last = differences.last ?? "there is no moment"
        throw Mismatch(
            explanation: "none of \(moments.count) moments is what was recovered; of what was acknowledged,\n  \(last)"
                + "\n  and of the latest,\n  \(differences.first ?? "")\nrecovered:\n"
                + picture.lines.joined(separator: "\n")
        )
    }
}
