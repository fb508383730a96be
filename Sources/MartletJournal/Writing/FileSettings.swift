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
    /// Segments that are prepared for later: the next one, and one that is for settling messages when there is no space
    /// for another. With it all that begin in the oldest segment can be received and deleted one by one, which takes
    /// about what small messages took to send, and that segment then is space again.
    ///
    /// Cut segments are used again, and where there is space one more is kept for that: writing over used blocks costs
    /// a third less per sync than new ones.
    package var spares = 2
    /// Where less than this is free, nothing is kept only to be used again.
    package var littleSpace: UInt64 { 8 * segmentSize }
    /// While fewer can be prepared, the journal is `full` when little more than this is left of the current segment and
    /// of what is prepared.
    package var reserve: UInt64 { segmentSize + segmentSize / 4 }

    package init() {}

    /// For a journal that is written once and holds so many bytes: in segments so small that what the last one leaves
    /// unused, and the spares behind it, are less than half of that, and so large that there are not many.
    package init(holding bytes: Int) {
        let sixteenth = UInt64(max(bytes, 0)) / 16
        while segmentSize > Self.smallestSegment && segmentSize / 2 >= sixteenth { segmentSize /= 2 }
    }

    /// As small as the configuration allows.
    private static let smallestSegment: UInt64 = 64 << 10
}
