/// Opens a journal and gives back what the last run left in it.
///
///     let disk = try FileDisk(directory: path)
///     let recovery = try Recovery(disk, medium: .files)
///     let summary = try recovery.replay(progress: { log($0) }) { entry, segment in try broker.replay(entry) }
///     let journal = try FileJournal(continuing: recovery, on: disk, settings: settings) { wakeLoops() }
///
/// It reads and changes nothing. A torn tail, what a power cut left of bytes that were never synced, is passed over;
/// all else that does not read as it was written ends the replay with a `JournalError`.
package final class Recovery {
    private let disk: any SegmentSource
    package let medium: JournalMedium
    /// In the order of their numbers, which has no gap.
    package private(set) var segments: [StoredSegment] = []
    /// Files that are there to be used again.
    package private(set) var spares: [String] = []
    /// Where the entries of the last segment end; known after `replay`.
    package private(set) var lastEnd: UInt64?
    /// Where the next batch begins if it goes to the last segment.
    private(set) var nextBatch = UInt64(SegmentHeader.size)
    /// Whether the last segment ends with a torn tail.
    private(set) var isTorn = false
    /// How much of the last segment was surely synced when it was written.
    private(set) var lastSynced = UInt64(SegmentHeader.size)

    package init(_ disk: any SegmentSource, medium: JournalMedium) throws(JournalError) {
        self.disk = disk
        self.medium = medium
        do throws(DiskError) {
            let names = try disk.names().compactMap(SegmentName.init)
            try collect(names)
        } catch {
            throw .unusable(error)
        }
        for name in unfinished { throw .repairUnfinished(file: name) }
        try readHeaders()
        try checkSequence()
    }

    private var numbers: [UInt32] = []
    private var unfinished: [String] = []

    private func collect(_ names: [SegmentName]) throws(DiskError) {
        for name in names {
            switch name {
            case .segment(let number): numbers.append(number)
            case .spare: spares.append(name.text)
            case .repair: unfinished.append(name.text)
            case .repairing: continue
            }
        }
        numbers.sort()
    }

    private func readHeaders() throws(JournalError) {
        for number in numbers {
            let name = SegmentName.segment(number).text
            let found: FoundHeader
            do throws(DiskError) {
                found = try StoredSegment.header(of: name, on: disk)
            } catch {
                throw .unreadable(file: name, offset: 0, error: error)
            }
            switch found.result {
            case .success(let header) where header.number == number:
                segments.append(StoredSegment(name: name, header: header, size: found.size))
            case .success(let header):
                throw .rotten(file: name, offset: 0, reason: "its header is that of segment \(header.number)")
            // Memory is in the store before it is used.
            case .failure(.blank) where medium == .memory && (number == numbers.last || segments.isEmpty):
                spares.append(name)
            case .failure(let defect):
                throw Self.error(defect, in: name)
            }
        }
    }

    static func error(_ defect: SegmentHeader.Defect, in name: String) -> JournalError {
        switch defect {
        case .blank: .rotten(file: name, offset: 0, reason: "it begins with zeros")
        case .newer(let version): .newerVersion(file: name, found: version, known: SegmentHeader.currentVersion)
        case .rotten(let reason): .rotten(file: name, offset: 0, reason: reason)
        }
    }

    private func checkSequence() throws(JournalError) {
        for (segment, next) in zip(segments, segments.dropFirst()) {
            guard next.number == segment.number + 1 else {
                let name = SegmentName.segment(segment.number + 1).text
                throw .missing(file: name, reason: "\(segment.name) and \(next.name) are there")
            }
            guard next.header.previousSalt == segment.header.salt else {
                let reason = "\(next.name) was written behind another segment than this one"
                throw .rotten(file: segment.name, offset: 0, reason: reason)
            }
            guard next.header.previousEnd <= segment.size else {
                let reason = "it has \(segment.size) bytes and had at least \(next.header.previousEnd)"
                throw .rotten(file: segment.name, offset: segment.size, reason: reason)
            }
        }
    }

    /// Calls `body` with the payload of every entry, in order, and the number of its segment; `progress` about every
    /// 32 MiB and at the end. Ends with the error that `body` throws, or with a `JournalError`.
    @discardableResult
    package func replay(
        progress: (ReplayProgress) -> Void = { _ in },
        _ body: (_ entry: UnsafeRawBufferPointer, _ segment: UInt32) throws -> Void
    ) throws -> ReplaySummary {
        var summary = ReplaySummary()
        var report = ReplayProgress(bytes: 0, total: segments.indices.reduce(0) { $0 + limit(of: $1) })
        var announced: UInt64 = 0
        for index in segments.indices {
            let before = report.bytes
            try read(index, &summary) { entry, offset in
                try body(entry, segments[index].number)
                report.bytes = before + offset
                if report.bytes >= announced + ReplayProgress.interval {
                    announced = report.bytes
                    progress(report)
                }
            }
            report.bytes = before + limit(of: index)
        }
        progress(report)
        return summary
    }

    /// Where the entries of a segment end at the latest.
    private func limit(of index: Int) -> UInt64 {
        index + 1 < segments.count ? segments[index + 1].header.previousEnd : segments[index].size
    }

    private func read(
        _ index: Int,
        _ summary: inout ReplaySummary,
        _ body: (UnsafeRawBufferPointer, UInt64) throws -> Void
    ) throws {
        let segment = segments[index]
        let file = try perform(segment.name, 0) { () throws(DiskError) in try disk.open(segment.name) }
        defer { disk.close(file) }
        let reader = SegmentReader(segment, file: file, disk: disk, limit: limit(of: index))
        while true {
            switch try perform(segment.name, reader.offset, { () throws(DiskError) in try reader.next() }) {
            case .entry(let entry):
                try body(entry, reader.offset)
                summary.entries += 1
                summary.bytes += UInt64(entry.count)
            case .end(let ending):
                let judgement = Judgement(segment, file: file, disk: disk, medium: medium)
                let isLast = index == segments.count - 1
                let end = reader.offset
                let tail = try perform(segment.name, end) { () throws(DiskError) in
                    try judgement.tail(at: end, ending, isLast: isLast)
                }
                switch tail {
                case .rotten(let reason): throw JournalError.rotten(file: segment.name, offset: end, reason: reason)
                case .torn(let reason):
                    isTorn = true
                    summary.tear = Tear(file: segment.name, offset: end, reason: reason)
                case .end: break
                }
                if isLast { (lastEnd, nextBatch, lastSynced) = (end, reader.batchOffset, reader.synced) }
                return
            }
        }
    }

    private func perform<Result>(
        _ name: String,
        _ offset: UInt64,
        _ body: () throws(DiskError) -> Result
    ) throws(JournalError) -> Result {
        do throws(DiskError) { return try body() } catch {
            throw .unreadable(file: name, offset: offset, error: error)
        }
    }
}
