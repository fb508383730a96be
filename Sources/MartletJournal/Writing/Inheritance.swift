/// What the spares are worth that earlier runs have left.
///
/// A name that is read need not be on the disk, even if the directory has been synced since it was given: when a sync
/// of a directory fails, what was changed until then may be dropped, and a later one succeeds without it. Nothing tells
/// that afterwards. So a start relies only on names that are durable for a reason, and gives those again of which it
/// cannot be sure.
///
/// - A segment with entries has a durable name: it got them after that.
/// - A spare that begins with the header of a segment that has been cut was renamed durably before the next one was
///   cut. The one that was cut last is renamed once more.
/// - A spare with the header of segment 0 has been given that after its name was made durable (`Spares`).
/// - Any other spare may have a name that a power cut takes away, or gives to a segment that follows the last one. That
///   one is taken from it once more, and it is given back.
///
/// No other file has ever had the name of a spare, so that none is mistaken for it that comes back in a power cut.
struct Inheritance {
    /// A file that is no segment any more: on the disk it may have either name.
    struct Renaming {
        let segment: String
        let spare: String
        /// What may not have been synced of it, and must be before it has a segment's name again.
        var header: SegmentHeader?
    }

    /// Names of spares that may become segments.
    private(set) var usable: [String] = []
    /// Names of spares that are to be given back.
    private(set) var doomed: [String] = []
    /// What is to be renamed durably before anything is written.
    private(set) var renamings: [Renaming] = []

    private let first: StoredSegment?
    private let predecessor: Continuation

    /// Reads and changes nothing.
    init(_ recovery: Recovery, _ predecessor: Continuation, on disk: any Disk) throws(DiskError) {
        first = recovery.segments.first
        self.predecessor = predecessor
        for name in recovery.spares {
            // One that cannot be read is of no use, and no reason not to start.
            let found = try? StoredSegment.header(of: name, on: disk)
            judge(name, try? found?.result.get(), size: found?.size ?? 0)
        }
        if let emptied = predecessor.emptied {
            let name = try SegmentName.newSpare(on: disk).text
            renamings.append(Renaming(segment: emptied.name, spare: name))
            doomed.append(name)
        }
    }

    private mutating func judge(_ name: String, _ header: SegmentHeader?, size: UInt64) {
        guard let header else { return doomed.append(name) }
        let isBeforeFirst = header.number < first?.number ?? predecessor.next
        if isBeforeFirst { usable.append(name) } else { doomed.append(name) }
        let segment = SegmentName.segment(header.number).text
        if wasCutLast(header, size) {
            renamings.append(Renaming(segment: segment, spare: name))
        } else if mayFollowLast(header) {
            renamings.append(Renaming(segment: segment, spare: name, header: header))
        }
    }

    /// It could still be the first segment: for a moment it is, while it is renamed once more.
    private func wasCutLast(_ header: SegmentHeader, _ size: UInt64) -> Bool {
        guard let first, first.number > 1 else { return false }
        return header.number == first.number - 1 && header.salt == first.header.previousSalt
            && size >= first.header.previousEnd
    }

    /// It could still be the last segment: it was begun, or an earlier start has found no entry in it. A mark may stand
    /// between the last batch and where the segment before it ended.
    private func mayFollowLast(_ header: SegmentHeader) -> Bool {
        predecessor.emptied == nil && header.number == predecessor.next && header.previousSalt == predecessor.salt
            && [predecessor.nextBatch, predecessor.end].contains(header.previousEnd)
    }
}
