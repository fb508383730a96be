/// How much space the new segments of a repair take.
struct RepairSpace {
    /// At most.
    let bytes: UInt64

    /// - Parameter largest: bytes of the longest entry.
    init(_ found: JournalReport, largest: Int, _ settings: FileSettings) {
        let capacity = settings.segmentSize
        let entry = UInt64(largest + Entry.headSize)
        // Each batch, of 1 MiB and more, begins with a mark.
        let marks = ((found.bytes >> 20) + 1) * UInt64(Mark.size)
        let content = found.bytes + found.entries * UInt64(Entry.headSize) + marks
        // What a segment leaves unused is less than an entry, or than a sixteenth.
        let unused = max(entry, capacity / 16) + UInt64(Mark.size + SegmentHeader.size)
        // Two neighbours hold more than one is large, since what begins the second did not fit into the first.
        let used = unused < capacity / 2 ? capacity - unused : capacity / 2
        bytes = (content / used + 2) * capacity + (entry > capacity ? content : 0)
    }
}
