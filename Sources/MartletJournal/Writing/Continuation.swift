/// Where a run goes on behind what the last one has left: always with a segment of its own.
///
/// What lies behind a torn tail cannot come back to life when entries are appended, as nothing is appended there: the
/// new segment's header says where the entries of the old one end.
struct Continuation {
    /// Number of the segment to be begun next.
    var next: UInt32
    let salt: UInt64
    let end: UInt64
    let segments: [StoredSegment]
    /// Names of files that were segments without an entry, spares now.
    let emptied: [String]

    private var last: StoredSegment? { segments.last }

    /// The last segment is as durable as it reads: what the last run has only handed to the kernel is not yet.
    func settle(on disk: any Disk) throws(DiskError) {
        guard let last else { return }
        let file = try disk.open(last.name)
        defer { disk.close(file) }
        try disk.sync(file)
    }

    /// Gives back what the last segment has not used; false if it has used everything.
    func shrink(on disk: any Disk) throws(DiskError) -> Bool {
        guard let last, last.size > end else { return false }
        let file = try disk.open(last.name)
        defer { disk.close(file) }
        try disk.shrink(file, to: end)
        return true
    }
}

extension Recovery {
    /// To be asked for after `replay`. A last segment without entries is not kept, so that a daemon which starts again
    /// and again does not pile up segments.
    func continuation() throws(DiskError) -> Continuation {
        guard let last = segments.last else {
            return Continuation(next: 1, salt: 0, end: 0, segments: [], emptied: [])
        }
        guard let lastEnd else { preconditionFailure("a journal is continued after it has been replayed") }
        guard lastEnd == UInt64(SegmentHeader.size), let name = try free(last) else {
            return Continuation(
                next: last.number + 1,
                salt: last.header.salt,
                end: lastEnd,
                segments: segments,
                emptied: []
            )
        }
        let rest = Array(segments.dropLast())
        return Continuation(
            next: last.number,
            salt: last.header.previousSalt,
            end: last.header.previousEnd,
            segments: rest,
            emptied: [name]
        )
    }

    private func free(_ segment: StoredSegment) throws(DiskError) -> String? {
        var number: UInt32 = 1
        while spares.contains(SegmentName.spare(number).text) { number += 1 }
        let name = SegmentName.spare(number).text
        try disk.rename(segment.name, to: name)
        try disk.syncDirectory()
        return name
    }
}
