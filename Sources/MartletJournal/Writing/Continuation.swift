/// Where a run goes on behind what the last one has left: with a segment of its own, if there is space for one
/// (`Resumption` if not).
///
/// What lies behind a torn tail cannot come back to life when entries are appended, as nothing is appended there: the
/// new segment's header says where the entries of the old one end.
struct Continuation {
    private static let piece = 64 << 10

    /// Number of the segment to be begun next.
    var next: UInt32
    let salt: UInt64
    let end: UInt64
    /// Up to here the last segment was synced when it was written.
    let synced: UInt64
    let segments: [StoredSegment]
    /// Names of files that were segments without an entry, spares now.
    let emptied: [String]

    var last: StoredSegment? { segments.last }

    /// What was recovered is made durable before anybody acts on it: the last run may only have handed it to the
    /// kernel, names too. (A spare is written over, and would be a segment again if its name were not durable.)
    ///
    /// What may not have been synced is written again: if a sync has failed in the last run, the kernel still gives it
    /// to who reads, but takes it for written, and another sync would succeed without it.
    func settle(on disk: any Disk) throws(DiskError) {
        try disk.syncDirectoryOnce()
        guard let last else { return }
        let file = try disk.open(last.name)
        defer { disk.close(file) }
        try rewrite(file, on: disk)
        try disk.syncOnce(file)
    }

    /// Without space even for what is there (some file systems write it elsewhere), it stays as it is: should a sync
    /// have failed before, a power cut can then damage what counts as synced.
    private func rewrite(_ file: DiskFile, on disk: any Disk) throws(DiskError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.piece, alignment: 8)
        defer { buffer.deallocate() }
        var offset = synced
        do throws(DiskError) {
            while offset < end {
                let space = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(min(Int(end - offset), Self.piece)))
                let read = try disk.read(file, at: offset, into: space)
                if read == 0 { return }
                try disk.write(file, at: offset, UnsafeRawBufferPointer(rebasing: space[..<read]))
                offset += UInt64(read)
            }
        } catch {
            guard error.kind == .noSpace else { throw error }
        }
    }

    /// Gives back what the last segment has not used, and returns its new size; nil if it has used everything.
    ///
    /// It ends with a mark then, without which a segment that is smaller than it was is damaged.
    func shrink(on disk: any Disk) throws(DiskError) -> UInt64? {
        let size = end + UInt64(Mark.size)
        guard let last, last.size > size else { return nil }
        let file = try disk.open(last.name)
        defer { disk.close(file) }
        let mark = Mark(synced: end, salt: salt).entry(seed: last.header.seed)
        let result = mark.withUnsafeBytes { bytes in
            Result { () throws(DiskError) in try disk.write(file, at: end, bytes) }
        }
        try result.get()
        try disk.syncOnce(file)
        try disk.shrink(file, to: size)
        return size
    }

    /// To be made after the replay. A last segment without entries is not kept, so that a daemon which starts again and
    /// again does not pile up segments.
    init(_ recovery: Recovery, on disk: any Disk) throws(DiskError) {
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
                synced: recovery.lastSynced,
                segments: segments,
                emptied: []
            )
            return
        }
        segments.removeLast()
        self.init(
            next: last.number,
            salt: last.header.previousSalt,
            end: last.header.previousEnd,
            // A segment is synced whole before another one follows it.
            synced: last.header.previousEnd,
            segments: segments,
            emptied: [try Self.free(last, besides: recovery.spares, on: disk)]
        )
    }

    /// A journal that begins with this segment.
    init(firstOf segment: UInt32) { self.init(next: segment, salt: 0, end: 0, synced: 0, segments: [], emptied: []) }

    private init(
        next: UInt32,
        salt: UInt64,
        end: UInt64,
        synced: UInt64,
        segments: [StoredSegment],
        emptied: [String]
    ) {
        self.next = next
        self.salt = salt
        self.end = end
        self.synced = synced
        self.segments = segments
        self.emptied = emptied
    }

    /// Makes a spare of a segment and returns its name.
    private static func free(
        _ segment: StoredSegment,
        besides spares: [String],
        on disk: any Disk
    ) throws(DiskError) -> String {
        var number: UInt32 = 1
        while spares.contains(SegmentName.spare(number).text) { number += 1 }
        let name = SegmentName.spare(number).text
        try disk.rename(segment.name, to: name)
        try disk.syncDirectoryOnce()
        return name
    }
}
