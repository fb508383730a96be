import MartletJournal

/// What is left for a file journal's thread by those who append and cut.
struct FileInbox {
    var staging: Staging
    /// Segments before this one are not needed.
    var cutTarget: UInt32 = 0
    var isClosing = false
    /// No space could be had for the segment after the current one.
    var lacksSpace = false
    private let reserve: UInt64

    init(firstSegment: UInt32, _ settings: FileSettings) {
        staging = Staging(SegmentLayout(segment: firstSegment, nextCapacity: settings.segmentSize))
        reserve = settings.reserve
    }

    var room: UInt64 { staging.layout.room }
    /// What is left is for deletes.
    var isFull: Bool { lacksSpace && (room < reserve || staging.layout.isAtFront) }
}
