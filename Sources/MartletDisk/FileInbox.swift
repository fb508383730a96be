import MartletJournal

/// What is left for a file journal's thread by those who append and cut.
struct FileInbox {
    var staging: Staging
    /// Somebody waits for what was appended since the last batch was taken.
    var isPromised = false
    /// Segments that are not needed any more, once what takes their place is synced.
    var cut = Cut()
    var isClosing = false
    /// No space could be had for all the segments that are to be prepared.
    var lacksSpace = false
    /// How many are.
    var preparedSpares = 0
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
    /// Unless it is full, that is a sixteenth of a segment at least.
    ///
    /// - Parameter free: bytes that are free on the disk.
    func roomForNew(free: UInt64) -> UInt64 {
        guard !lacksSpace else { return certainRoom - min(certainRoom, settings.reserve) }
        let inOneSegment = min(certainRoom, settings.segmentSize / 16 * 15)
        return max(inOneSegment, free - min(free, 2 * settings.segmentSize))
    }
}
