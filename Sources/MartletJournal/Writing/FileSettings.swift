/// How a journal in files is kept.
package struct FileSettings: Equatable, Sendable {
    /// When what was written is synced.
    package enum Sync: Equatable, Sendable {
        /// Before it is called durable.
        case always
        /// At most so many milliseconds after it was written. `durable` is then what was written: a power cut can take
        /// that much time's worth of it.
        case every(milliseconds: Int)
    }

    package var sync = Sync.always
    /// Bytes of a segment, its header included.
    package var segmentSize: UInt64 = 64 << 20
    /// Cut segments that are kept to be used again; writing over used blocks costs a third less per sync than new ones.
    package var maximumSpares = 2
    /// While no segment can be prepared, the journal is `full` when less than this is left of the current one. What is
    /// left is for deletes.
    package var reserve: UInt64 { segmentSize / 4 }

    package init() {}

    /// For a journal that is written once and holds so many bytes: in segments so small that what the last one leaves
    /// unused, and the spare behind it, are little beside that, and so large that there are not many.
    package init(holding bytes: Int) {
        let sixteenth = UInt64(max(bytes, 0)) / 16
        while segmentSize > Self.smallestSegment && segmentSize / 2 >= sixteenth { segmentSize /= 2 }
    }

    /// As small as the configuration allows.
    private static let smallestSegment: UInt64 = 64 << 10
}
