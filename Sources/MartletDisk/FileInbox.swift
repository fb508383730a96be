import MartletJournal

/// What is left for a file journal's thread by those who append and cut.
struct FileInbox {
    var staging: Staging
    /// Somebody waits for what was appended since the last batch was taken.
    private(set) var isPromised = false
    /// How many wait for that to be durable or written.
    private(set) var waiting = 0
    /// So many have to wait before the next batch is taken.
    var quorum = 0
    /// Segments that are not needed any more, once what takes their place is synced.
    var cut = Cut()
    var isClosing = false
    /// No space could be had for all the segments that are to be prepared.
    var lacksSpace = false
    /// How many are.
    var preparedSpares = 0
    /// Bytes that are free on the disk, about, and not taken by what has been appended.
    var freeSpace: UInt64 = 0
    /// The segment that is being written; appends may go to a later one, for which there may be no space.
    var segmentInHand: UInt32 = 0
    private let settings: FileSettings

    init(_ writer: SegmentWriter) {
        staging = Staging(writer.layout)
        settings = writer.settings
        lacksSpace = writer.beganWithoutSpace
        segmentInHand = writer.currentSegment
        preparedSpares = writer.preparedSpares
    }

    /// Bytes that can be appended, for certain, to the segment that is being filled and to those that are prepared.
    var certainRoom: UInt64 {
        // What is filled in the layout, but has not been begun on the disk, takes one of those.
        let ahead = segmentInHand == 0 ? 1 : UInt64(staging.layout.segment - segmentInHand)
        let spares = UInt64(preparedSpares)
        guard ahead <= spares || !lacksSpace else { return 0 }
        return staging.layout.certainRoom + (spares - min(spares, ahead)) * (settings.segmentSize / 16 * 15)
    }

    /// What is left is for settling what there is.
    var isFull: Bool { lacksSpace && certainRoom < settings.reserve + settings.segmentSize / 16 }

    /// As large may be what is appended next: what is larger than a segment needs space that nobody has prepared.
    var roomAtOnce: UInt64 {
        let inOneSegment = min(certainRoom, settings.segmentSize / 16 * 15)
        if lacksSpace { return inOneSegment }
        return max(inOneSegment, freeSpace - min(freeSpace, 2 * settings.segmentSize))
    }

    /// With less room than this, those who append may wait until they hear that there is more.
    var scantRoom: UInt64 { settings.segmentSize / 16 }

    /// The same for something new, which takes nothing of the reserve.
    var roomForNew: UInt64 {
        lacksSpace ? certainRoom - min(certainRoom, settings.reserve) : roomAtOnce
    }

    var hasQuorum: Bool { waiting >= quorum }

    mutating func append(_ entries: UnsafeRawBufferPointer, promised: Bool, waiting count: Int) -> UInt64 {
        if promised { isPromised = true }
        waiting += count
        freeSpace -= min(freeSpace, UInt64(entries.count))
        return staging.append(entries)
    }

    /// Hands over what was appended, and goes on with an empty batch.
    mutating func take(_ next: Batch) -> (batch: Batch, waiting: Int, isPromised: Bool) {
        defer { (waiting, isPromised) = (0, false) }
        return (staging.take(next), waiting, isPromised)
    }
}
