import MartletJournal

/// What is left for a file journal's thread by those who append and cut.
struct FileInbox {
    var staging: Staging
    /// Segments that are not needed any more, once what takes their place is synced.
    var cut = Cut()
    var isClosing = false
    /// No space could be had for the segment after the one that is being written.
    var lacksSpace = false
    /// The segment that is being written; appends may go to a later one, for which there may be no space.
    var segmentInHand: UInt32 = 0
    private let reserve: UInt64

    init(_ writer: SegmentWriter) {
        staging = Staging(writer.layout)
        reserve = writer.settings.reserve
        lacksSpace = writer.beganWithoutSpace
        segmentInHand = writer.currentSegment
    }

    /// Bytes that can be appended into the segment being written, or into the one behind it if that is prepared.
    var room: UInt64 { lacksSpace && staging.layout.nextSegment != segmentInHand ? 0 : staging.layout.room }
    /// As much of it as may be counted on.
    var certainRoom: UInt64 { min(room, staging.layout.certainRoom) }
    /// What is left is for deletes.
    var isFull: Bool { lacksSpace && room < reserve }
}
