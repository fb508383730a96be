import MartletJournal

/// The segments of a journal in memory: those that are kept, the one being filled, the next one if it is there, and
/// what has been put aside as it was not.
///
/// A segment is filled up to its capacity. Its memory goes on behind that (`MemfdSettings.slack`): as long as no next
/// segment is there, entries go on there, so that nobody waits for one.
///
/// Invariant: `current` is the last of `kept`; `next`, if there, has the number behind it; nothing is put aside while
/// there is a next segment that it would go into.
struct MemfdSegments {
    struct Kept {
        let number: UInt32
        let capacity: UInt64
        /// Nil for what an earlier run has left.
        let segment: MappedSegment?
    }

    enum Task {
        case cut(Kept)
        /// Another one of the same number is forgotten first: it is too small.
        case prepare(number: UInt32, capacity: UInt64, insteadOf: MappedSegment?)
    }

    private(set) var layout: SegmentLayout
    private(set) var position: UInt64 = 0
    private(set) var durable: UInt64 = 0
    private var kept: [Kept] = []
    private var keptBytes: UInt64 = 0
    private var current: MappedSegment
    /// Where the entries of the current one end.
    private var end: UInt64
    private(set) var next: MappedSegment?
    /// The next append goes on in the current segment though that is nearly full. Those who append are told the segment
    /// before, so it stays as it is until then.
    private var goesBeyond = false
    private var aside = Batch()
    /// Runs of what was put aside that are written.
    private var runsWritten = 0
    var cut = Cut()
    var isClosing = false
    /// Why no next segment could be had; empty if one could.
    var shortage = ""
    private var lacksSpace: Bool { !shortage.isEmpty }
    private let settings: MemfdSettings
    /// Bytes behind the entries of a segment that say that none follows.
    private static let margin: UInt64 = 8

    init(continuing recovery: Recovery, on store: MemfdStore, _ settings: MemfdSettings) throws(DiskError) {
        self.settings = settings
        let segments = recovery.segments
        let nextCapacity = settings.size(ofNextBehind: segments.count)
        var found: MappedSegment?
        if let last = segments.last, last.header.version == SegmentHeader.currentVersion, let end = recovery.lastEnd {
            found = try store.takeOver(last.number, size: last.size)
            found?.adopt(last.header)
            self.end = end
        } else {
            end = UInt64(SegmentHeader.size)
        }
        let number = found?.number ?? (segments.last?.number ?? 0) + 1
        if let found {
            current = found
        } else {
            current = try Self.first(number, behind: recovery, on: store, capacity: nextCapacity, slack: settings.slack)
        }
        let capacity = max(end, found == nil ? nextCapacity : segments.last?.header.capacity ?? nextCapacity)
        layout = SegmentLayout(
            segment: number,
            offset: end,
            capacity: capacity,
            nextCapacity: nextCapacity,
            margin: Self.margin
        )
        for segment in segments where segment.number != number { keep(segment.number, segment.header.capacity, nil) }
        keep(number, capacity, current)
        try takeSpares(recovery.spares, store)
        decideWhetherToGoBeyond()
    }

    private static func first(
        _ number: UInt32,
        behind recovery: Recovery,
        on store: MemfdStore,
        capacity: UInt64,
        slack: UInt64
    ) throws(DiskError) -> MappedSegment {
        // What an earlier run has prepared under this number has another size or nobody knows which.
        if recovery.spares.contains(SegmentName.segment(number).text) { try store.forget(number) }
        let segment = try store.make(number, size: capacity + slack)
        var header = SegmentHeader(number: number, stamp: .now(), capacity: capacity)
        header.previousSalt = recovery.segments.last?.header.salt ?? 0
        header.previousEnd = recovery.lastEnd ?? 0
        segment.begin(header)
        return segment
    }

    private mutating func keep(_ number: UInt32, _ capacity: UInt64, _ segment: MappedSegment?) {
        kept.append(Kept(number: number, capacity: capacity, segment: segment))
        keptBytes += capacity
    }

    /// What an earlier run has prepared is used if it fits.
    private mutating func takeSpares(_ names: [String], _ store: MemfdStore) throws(DiskError) {
        for name in names {
            guard case .segment(let number) = SegmentName(name), number != current.number else { continue }
            let size = layout.nextCapacity + settings.slack
            if number == current.number + 1, try store.size(of: store.open(name)) == size {
                next = try store.takeOver(number, size: size)
            } else {
                try store.forget(number)
            }
        }
    }

    // MARK: Appending

    /// Whether the entries are durable now; otherwise they are put aside.
    mutating func append(_ entries: UnsafeRawBufferPointer) -> Bool {
        defer { decideWhetherToGoBeyond() }
        let place = place(entries.count)
        position += UInt64(entries.count)
        guard aside.isEmpty, reach(place.segment, place.capacity) else {
            aside.add(entries, at: place, end: position)
            return false
        }
        write(entries, at: place.offset, position)
        return true
    }

    private mutating func place(_ count: Int) -> SegmentLayout.Place {
        if layout.fits(count) { return layout.place(count) }
        let isToldCurrent = goesBeyond || layout.nextSegment == current.number && next == nil
        if isToldCurrent && hasMemory(for: count) { return layout.placeBeyond(count) }
        // Appends may have run ahead of the segments that are there: those to come count, too.
        let ahead = Int(layout.segment - current.number)
        layout.nextCapacity = settings.size(ofNextBehind: kept.count + ahead)
        return layout.place(count)
    }

    /// Whether so many bytes can go on in the current segment, beyond its capacity.
    private func hasMemory(for count: Int) -> Bool {
        aside.isEmpty && layout.segment == current.number
            && layout.offset + UInt64(count) + Self.margin <= current.size
    }

    /// As much must be left as makes a segment nearly full elsewhere: who appends less knows where it goes.
    private mutating func decideWhetherToGoBeyond() {
        let isNeeded = layout.nextSegment != current.number && next == nil
        goesBeyond = isNeeded && hasMemory(for: Int(layout.capacity / 16))
    }

    /// Makes the segment the current one if it is there.
    private mutating func reach(_ number: UInt32, _ capacity: UInt64) -> Bool {
        if current.number == number { return current.size >= capacity }
        guard let segment = next, segment.number == number, segment.size >= capacity else { return false }
        next = nil
        var header = SegmentHeader(number: number, stamp: .now(), capacity: capacity)
        header.previousSalt = current.salt
        header.previousEnd = end
        segment.begin(header)
        current = segment
        keep(number, capacity, segment)
        return true
    }

    private mutating func write(_ entries: UnsafeRawBufferPointer, at offset: UInt64, _ position: UInt64) {
        current.write(entries, at: offset)
        end = offset + UInt64(entries.count)
        durable = position
    }

    /// Writes what was put aside as far as there are segments for it.
    private mutating func writeAside() {
        while runsWritten < aside.runs.count {
            let run = aside.runs[runsWritten]
            guard reach(run.segment, run.capacity) else { return }
            write(UnsafeRawBufferPointer(aside.bytes(of: run)), at: run.offset, run.end)
            runsWritten += 1
        }
        aside.removeAll()
        runsWritten = 0
    }

    // MARK: For the thread

    /// What is to be done next. Cuts come first: they make room for what is prepared.
    mutating func task() -> Task? {
        if cut.isDue(durable), let oldest = kept.first, kept.count > 1, oldest.number < cut.target {
            return .cut(oldest)
        }
        guard !(isClosing && aside.isEmpty), !(isClosing && lacksSpace) else { return nil }
        let first = runsWritten < aside.runs.count ? aside.runs[runsWritten] : nil
        let number = first?.segment ?? current.number + 1
        let capacity = first?.capacity ?? settings.size(ofNextBehind: kept.count)
        if let next, next.size >= capacity { return nil }
        guard kept.count < max(settings.maximumDescriptors, 8) else {
            shortage = "there are \(kept.count) segments, as many as max_descriptors allows"
            return nil
        }
        defer { next = nil }
        return .prepare(number: number, capacity: capacity, insteadOf: next)
    }

    mutating func removeFirst() { keptBytes -= kept.removeFirst().capacity }

    mutating func take(_ segment: MappedSegment) {
        next = segment
        writeAside()
    }

    /// Where the next append goes, unless it is too large for that.
    var nextSegment: UInt32 { goesBeyond ? current.number : layout.nextSegment }
    /// Bytes that can be appended into the segment being written, or into the one behind it if that is there. What is
    /// beyond the capacity does not count.
    private var room: UInt64 { lacksSpace && layout.nextSegment != current.number ? 0 : layout.room }
    var isFull: Bool { lacksSpace && room < layout.capacity / 4 }

    var figures: JournalFigures {
        var figures = JournalFigures()
        figures.bytes = keptBytes
        figures.segments = kept.count
        figures.firstSegment = kept[0].number
        figures.spares = next == nil ? 0 : 1
        figures.room = min(room, layout.certainRoom)
        figures.shortage = shortage
        return figures
    }
}
