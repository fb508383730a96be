/// Where a run goes on behind what the last one has left: with a segment of its own, if there is space for one
/// (`Resumption` if not).
///
/// What lies behind a torn tail cannot come back to life when entries are appended, as nothing is appended there: the
/// new segment's header says where the entries of the old one end.
struct Continuation {
    /// Number of the segment to be begun next.
    var next: UInt32
    let salt: UInt64
    /// Where the entries of the last segment end.
    let end: UInt64
    /// Where the next batch would begin in it.
    let nextBatch: UInt64
    /// Something torn follows there.
    let isTorn: Bool
    /// Up to here the last segment was synced when it was written.
    let synced: UInt64
    let segments: [StoredSegment]
    /// A last segment without an entry. It is not kept, so that a daemon which starts again and again does not pile up
    /// segments.
    let emptied: StoredSegment?

    var last: StoredSegment? { segments.last }

    /// Gives back what the last segment has not used, and returns its new size; nil if it has used everything.
    ///
    /// It ends with a mark then, without which a segment that is smaller than it was is damaged.
    func shrink(on disk: any Disk) throws(DiskError) -> UInt64? {
        let size = end + UInt64(Mark.size)
        guard let last, last.size > size else { return nil }
        let file = try disk.open(last.name)
        defer { disk.close(file) }
        let mark = Mark(synced: end, salt: salt).entry(seed: last.header.seed, room: last.size - end)
        let result = mark.withUnsafeBytes { bytes in
            Result { () throws(DiskError) in try disk.write(file, at: end, bytes) }
        }
        try result.get()
        try disk.syncOnce(file)
        try disk.shrink(file, to: size)
        return size
    }

    /// To be made after the replay.
    init(_ recovery: Recovery) {
        var segments = recovery.segments
        guard let last = segments.last else {
            self.init(firstOf: 1)
            return
        }
        guard let end = recovery.lastEnd else { preconditionFailure("a journal is continued after it was replayed") }
        guard end == UInt64(SegmentHeader.size) else {
            self.init(
                next: last.number + 1,
                salt: last.header.salt,
                end: end,
                nextBatch: recovery.nextBatch,
                isTorn: recovery.isTorn,
                synced: recovery.lastSynced,
                segments: segments,
                emptied: nil
            )
            return
        }
        segments.removeLast()
        self.init(
            next: last.number,
            salt: last.header.previousSalt,
            end: last.header.previousEnd,
            nextBatch: last.header.previousEnd,
            isTorn: false,
            // A segment is synced whole before another one follows it.
            synced: last.header.previousEnd,
            segments: segments,
            emptied: last
        )
    }

    /// A journal that begins with this segment.
    init(firstOf segment: UInt32) {
        self.init(next: segment, salt: 0, end: 0, nextBatch: 0, isTorn: false, synced: 0, segments: [], emptied: nil)
    }

    private init(
        next: UInt32,
        salt: UInt64,
        end: UInt64,
        nextBatch: UInt64,
        isTorn: Bool,
        synced: UInt64,
        segments: [StoredSegment],
        emptied: StoredSegment?
    ) {
        self.next = next
        self.salt = salt
        self.end = end
        self.nextBatch = nextBatch
        self.isTorn = isTorn
        self.synced = synced
        self.segments = segments
        self.emptied = emptied
    }
}
