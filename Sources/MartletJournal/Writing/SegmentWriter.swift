/// Writes batches into files, segment after segment. Knows no thread and no time: whoever owns it says when.
///
/// The order of what it does is what recovery relies on:
/// 1. A segment is synced whole before the next one's header is written.
/// 2. A file gets the name of a segment when its header is synced, and entries when its name is.
/// 3. Segments are taken away from the front, each name synced before the next, so that what is left has no gap.
///
/// An error of the kind `noSpace` leaves everything as it was: the same call may be made again. After any other error
/// nothing may be written any more.
package final class SegmentWriter {
    private struct Kept {
        let number: UInt32
        let size: UInt64
    }

    /// A spare with a synced header, on its way to be a segment.
    private struct Begun {
        let spare: Spares.Spare
        let header: SegmentHeader
    }

    private let disk: any Disk
    package let settings: FileSettings
    private var current: OpenSegment?
    private var begun: Begun?
    /// What the first header of this run says about the segment before.
    private var predecessor: Continuation
    private var kept: [Kept]
    private var spares: Spares
    package private(set) var cutTarget: UInt32 = 0
    private var name: @Sendable (UInt32) -> SegmentName = { .segment($0) }
    package private(set) var syncs: UInt64 = 0
    /// What this run rests upon; nothing is written before that is done.
    private var settlement: Settlement
    /// There was no space for a segment of this run's own, or not even to settle what the last run has left. It goes on
    /// in the last one of the run before, if that can take anything.
    package var beganWithoutSpace: Bool { shortageAtStart != nil }
    /// What was missing then.
    package private(set) var shortageAtStart: DiskError?

    package init(continuing recovery: Recovery, on disk: any Disk, settings: FileSettings) throws(JournalError) {
        self.disk = disk
        self.settings = settings
        predecessor = Continuation(recovery)
        kept = predecessor.segments.map { Kept(number: $0.number, size: $0.size) }
        bytes = kept.reduce(0) { $0 + $1.size }
        do throws(DiskError) {
            let inheritance = try Inheritance(recovery, predecessor, on: disk)
            settlement = try Settlement(predecessor, inheritance.renamings, on: disk)
            spares = try Spares(inheritance, on: disk, settings)
            try makeRoom()
        } catch {
            throw .unusable(error)
        }
    }

    /// There is a place for the first entries before anybody appends them: a segment to be begun, or what is left of
    /// the last one.
    private func makeRoom() throws(DiskError) {
        do throws(DiskError) {
            return try prepareSpares(settings.spares)
        } catch {
            guard error.kind == .noSpace else { throw error }
            shortageAtStart = error
        }
        guard let last = try Resumption(predecessor, on: disk) else { return }
        let segment = last.segment
        current = OpenSegment(number: segment.number, file: last.file, header: segment.header, end: last.offset)
        current?.isPrepared()
        settlement.clearRest()
        do throws(DiskError) { try settle() } catch { guard error.kind == .noSpace else { throw error } }
    }

    /// Must have been done before anything is written, and is tried again as long as there is no space for it.
    private func settle() throws(DiskError) {
        if !settlement.isDone { try settlement.perform(on: disk) }
    }

    /// Writes new segments which do not bear the names of segments yet.
    init(repairingFrom first: UInt32, on disk: any Disk, spares: [String], settings: FileSettings) throws(DiskError) {
        self.disk = disk
        self.settings = settings
        predecessor = Continuation(firstOf: first)
        kept = []
        bytes = 0
        settlement = Settlement()
        self.spares = try Spares(usable: spares, on: disk, settings)
        name = { .repairing($0) }
    }

    package var nextSegment: UInt32 { predecessor.next }
    /// Where the first append goes. To be asked for before anything is written.
    package var layout: SegmentLayout {
        let (next, capacity) = (predecessor.next, settings.segmentSize)
        guard let current else { return SegmentLayout(segment: next, nextCapacity: capacity) }
        return SegmentLayout(
            segment: current.number,
            offset: current.written,
            capacity: current.header.capacity,
            nextCapacity: capacity
        )
    }
    /// 0 before a segment is begun, and as long as nothing can be written to it.
    package var currentSegment: UInt32 { settlement.isDone ? current?.number ?? 0 : 0 }
    package var firstSegment: UInt32 { kept.first?.number ?? nextSegment }
    /// Bytes of all kept segments.
    package private(set) var bytes: UInt64
    package var segments: Int { kept.count }
    package var spareCount: Int { spares.ready.count }
    /// Those that the next segments can be: none while what the last run has left is not settled.
    package var preparedSpares: Int { settlement.isDone ? spares.prepared : 0 }
    /// Whether something was written that is not synced.
    package var isDirty: Bool { current?.isDirty ?? false }

    // MARK: Writing

    package func write(_ run: Batch.Run, of batch: Batch) throws(DiskError) {
        try settle()
        if current?.number != run.segment { try begin(run) }
        precondition(current != nil, "a segment was just begun")
        try current?.write(run, of: batch, on: disk)
    }

    /// All of a batch.
    func write(_ batch: Batch) throws(DiskError) {
        for run in batch.runs { try write(run, of: batch) }
        batch.removeAll()
    }

    /// Everything written so far survives a power cut when this returns.
    package func sync() throws(DiskError) {
        guard let segment = current, segment.isDirty else { return }
        try disk.syncOnce(segment.file)
        syncs += 1
        current?.isSynced()
    }

    /// Whether nothing says yet that all of the last batch is synced.
    package var wantsMark: Bool { settlement.isDone && current?.wantsMark ?? false }

    /// Says behind the last batch that all of it is synced. The next batch begins with a mark at the same place.
    package func mark() throws(DiskError) {
        if settlement.isDone { try current?.mark(on: disk) }
    }

    // MARK: From segment to segment

    private func begin(_ run: Batch.Run) throws(DiskError) {
        precondition(run.segment == predecessor.next, "segments follow one another")
        try sync()
        let ready: Begun
        if let begun { ready = begun } else { ready = try makeReady(for: run) }
        begun = ready
        let (spare, header) = (ready.spare, ready.header)
        try disk.renameDurably(spare.name, to: name(run.segment).text)
        begun = nil
        spares.removeFirst(spare)
        let isFirst = current == nil
        if let last = current { disk.close(last.file) }
        kept.append(Kept(number: run.segment, size: run.capacity))
        bytes += run.capacity
        predecessor.next += 1
        let start = UInt64(SegmentHeader.size)
        current = OpenSegment(number: run.segment, file: spare.file, header: header, end: start)
        if spare.isWritten { current?.isPrepared() }
        if isFirst { try shrinkPredecessor() }
    }

    /// Makes a spare ready to be the segment of a run. It is not written to again before it has its name: should there
    /// be no space to make that durable, it may have it already, or not.
    private func makeReady(for run: Batch.Run) throws(DiskError) -> Begun {
        let spare = try spares.first(of: run.capacity)
        var header = SegmentHeader(number: run.segment, stamp: disk.stamp(), capacity: run.capacity)
        header.previousSalt = current?.header.salt ?? predecessor.salt
        header.previousEnd = current?.written ?? predecessor.end
        header.rest = spare.isUsed ? .terminator : .zeros
        try header.write(to: spare.file, on: disk)
        try disk.syncOnce(spare.file)
        return Begun(spare: spare, header: header)
    }

    /// What is not given back for want of space goes with the segment.
    private func shrinkPredecessor() throws(DiskError) {
        guard kept.count > 1 else { return }
        let last = kept[kept.count - 2]
        do throws(DiskError) {
            guard let size = try predecessor.shrink(on: disk) else { return }
            bytes -= last.size - size
            kept[kept.count - 2] = Kept(number: last.number, size: size)
        } catch {
            guard error.kind == .noSpace else { throw error }
        }
    }

    // MARK: Between batches

    /// Makes sure that there is space for so many segments after the current one.
    package func prepareSpares(_ count: Int) throws(DiskError) {
        try settle()
        try spares.prepare(count)
    }

    /// Bytes that are free on the disk, as far as that can be told.
    package var freeSpace: UInt64 { disk.freeSpace }

    package func cut(before segment: UInt32) { cutTarget = max(cutTarget, segment) }

    /// Does a small piece of what is left to do, a few milliseconds at most, and says whether there is more.
    package func tidy() throws(DiskError) -> Bool {
        try settle()
        try spares.sortTaken()
        if let oldest = kept.first, kept.count > 1, oldest.number < cutTarget {
            try spares.take(SegmentName.segment(oldest.number).text)
            kept.removeFirst()
            bytes -= oldest.size
            return true
        }
        return try spares.shrinkOne()
    }

    /// Space has become short: gives back what is kept only to be used again, as `tidy` goes on. False if nothing is.
    package func giveBackExtraSpare() -> Bool { spares.giveBackExtra() }

    /// How many segments and files are on their way out.
    package var backlog: Int {
        let cut = kept.first.map { Int(max(cutTarget, $0.number) - $0.number) } ?? 0
        return cut + spares.doomedCount
    }

    /// Closes its files; nothing is written.
    package func close() {
        if let segment = current { disk.close(segment.file) }
        current = nil
        spares.close()
    }
}
