/// Reads what can be read of one segment and notes what cannot.
struct SalvageReader {
    private let segment: Survey.Segment
    private let source: LenientSource
    private let medium: JournalMedium

    init(_ segment: Survey.Segment, _ source: LenientSource, _ medium: JournalMedium) {
        self.segment = segment
        self.source = source
        self.medium = medium
    }

    func read(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> SegmentReport {
        var report = SegmentReport(
            file: segment.name,
            number: segment.number,
            version: segment.defect == nil ? segment.header?.version ?? 0 : 0,
            size: segment.size
        )
        if case .newer(let version) = segment.defect {
            report.version = version
            report.verdict = .newer(version: version)
            return report
        }
        report.lacking = segment.lacking
        var defects = headerDefects
        if let header = segment.header { try read(header, &report, &defects, body) }
        for hole in source.holes(in: segment.name) {
            defects.append(SegmentReport.Defect(offset: hole.bytes.lowerBound, reason: hole.description))
        }
        defects = Self.sorted(defects)
        if !defects.isEmpty { report.verdict = .rotten(defects) }
        return report
    }

    private var headerDefects: [SegmentReport.Defect] {
        switch segment.defect {
        case nil: []
        case .blank where medium == .memory && (segment.isOpen || segment.header == nil): []
        case .rotten(let reason): [SegmentReport.Defect(offset: 0, reason: reason)]
        case .blank, .newer: [SegmentReport.Defect(offset: 0, reason: "it begins with zeros")]
        }
    }

    private func read(
        _ header: SegmentHeader,
        _ report: inout SegmentReport,
        _ defects: inout [SegmentReport.Defect],
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let file = try source.open(segment.name)
        defer { source.close(file) }
        let stored = StoredSegment(name: segment.name, header: header, size: segment.size)
        let reader = SegmentReader(stored, file: file, disk: source, limit: segment.limit)
        let judgement = Judgement(stored, file: file, disk: source, medium: medium)
        while true {
            switch try reader.next() {
            case .entry(let entry):
                try body(entry)
                report.entries += 1
                report.bytes += UInt64(entry.count)
            case .end(let ending):
                let tail = try judgement.tail(at: reader.offset, ending, isLast: segment.isOpen)
                note(tail, at: reader.offset, &report, &defects)
                guard case .rotten = tail, try skip(reader, file, header) else { return }
            }
        }
    }

    /// By place, each once: an unreadable header is found by whoever looks at it.
    private static func sorted(_ defects: [SegmentReport.Defect]) -> [SegmentReport.Defect] {
        var sorted: [SegmentReport.Defect] = []
        for defect in defects where !sorted.contains(defect) { sorted.append(defect) }
        return sorted.sorted { $0.offset < $1.offset }
    }

    private func note(
        _ tail: Judgement.Tail,
        at offset: UInt64,
        _ report: inout SegmentReport,
        _ defects: inout [SegmentReport.Defect]
    ) {
        switch tail {
        case .end: break
        case .torn(let reason): report.verdict = .torn(SegmentReport.Defect(offset: offset, reason: reason))
        case .rotten(let reason): defects.append(SegmentReport.Defect(offset: offset, reason: reason))
        }
    }

    /// Moves the reader to the next place at which an entry verifies; false if there is none.
    private func skip(_ reader: SegmentReader, _ file: DiskFile, _ header: SegmentHeader) throws(DiskError) -> Bool {
        let broken = reader.offset
        if let end = try reader.endOfBroken() {
            reader.resume(at: end)
            if case .entry = try reader.next() {
                reader.resume(at: end)
                return true
            }
        }
        var found: UInt64?
        try MarkScan.forEach(in: file, of: header, on: source, from: broken + 1) { offset, _ in
            found = offset < segment.limit ? offset : nil
            return false
        }
        guard let found else { return false }
        reader.resume(at: found)
        return true
    }
}
