import MartletBroker
import Testing

/// A journal in memory: keeps the entries of each segment, goes on to the next after so many bytes, and is cut.
final class ScriptedJournal {
    struct Segment {
        let number: UInt32
        var entries: [[UInt8]] = []
        var bytes = 0
    }

    private let segmentSize: Int
    private(set) var segments: [Segment]
    private(set) var cuts = 0

    init(segmentSize: Int) {
        self.segmentSize = segmentSize
        segments = [Segment(number: 1)]
    }

    /// Bytes that it takes yet, when there is no space for another segment.
    var room: Int?

    private var gauge: JournalGauge {
        var gauge = JournalGauge()
        guard let room else { return gauge }
        gauge.condition = .full
        gauge.room = max(0, room)
        return gauge
    }

    /// What was recorded, oldest first.
    var entries: [[UInt8]] { segments.flatMap(\.entries) }
    var bytes: Int { segments.reduce(0) { $0 + $1.bytes } }

    func begin(_ broker: Broker) {
        broker.beginRecording(in: segments[segments.count - 1].number, segmentSize: segmentSize)
    }

    /// Takes what was recorded since the last time, as the end of a turn does.
    func take(from broker: Broker) {
        append(broker.records)
        broker.dropRecords()
        if let cut = broker.takeCut() {
            segments.removeAll { $0.number < cut }
            cuts += 1
        }
        broker.heed(segment: segments[segments.count - 1].number, gauge)
    }

    private func append(_ records: UnsafeRawBufferPointer) {
        var offset = 0
        let last = segments.count - 1
        while offset < records.count {
            let length = Int(records.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            segments[last].entries.append(Array(records[offset + 8..<offset + 8 + length]))
            offset += 8 + length
        }
        segments[last].bytes += records.count
        room = room.map { $0 - records.count }
        guard room == nil, segments[last].bytes >= segmentSize else { return }
        segments.append(Segment(number: segments[last].number + 1))
    }

    /// A broker that has read what is here.
    func recover(_ settings: BrokerSettings, now: Now, grace: Int = .max / 4) throws -> Broker {
        let broker = Broker(settings: settings, loops: 1, incarnation: 8, now: now)
        broker.beginReplay(firstSegment: segments[0].number)
        for segment in segments {
            for entry in segment.entries {
                try entry.withUnsafeBytes { try broker.replay($0, segment: segment.number) }
            }
        }
        let losses = broker.endReplay(now: now, grace: grace)
        #expect(losses.isEmpty, "the journal of one broker fits together")
        return broker
    }
}
