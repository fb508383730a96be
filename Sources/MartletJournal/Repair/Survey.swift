/// The segments of a journal that may be damaged. A header that verifies is believed, whatever others say. One that
/// does not is made up from what the next one says, or from what can be read of the marks and of it itself.
struct Survey {
    struct Segment {
        let name: String
        let number: UInt32
        let size: UInt64
        /// As found, or made up; nil if neither is possible.
        var header: SegmentHeader?
        /// As found, but for its first word and its version.
        let mended: SegmentHeader?
        var defect: SegmentHeader.Defect?
        /// As its header has it, be that damaged or not.
        let salt: UInt64?
        /// Where its entries end at the latest.
        var limit: UInt64
        /// No other segment says where it ends.
        var isOpen = true
        /// The one that would say it, if there was one before that is not there or says nothing.
        var lacking: String?
    }

    private(set) var segments: [Segment] = []
    private(set) var missing: [ClosedRange<UInt32>] = []
    private(set) var misfits: [JournalReport.Misfit] = []
    private(set) var unfinishedRepair: String?
    private(set) var spares: [String] = []

    init(_ source: LenientSource) throws(DiskError) {
        for name in try source.names().compactMap(SegmentName.init) {
            switch name {
            case .segment(let number): segments.append(try Self.segment(number, source))
            case .repair: unfinishedRepair = name.text
            case .spare: spares.append(name.text)
            case .repairing: continue
            }
        }
        segments.sort { $0.number < $1.number }
        for index in segments.indices.dropLast() { connect(at: index) }
        for index in segments.indices where segments[index].header == nil { try makeUpHeader(at: index, source) }
    }

    private static func segment(_ number: UInt32, _ source: LenientSource) throws(DiskError) -> Segment {
        let name = SegmentName.segment(number).text
        let found = try StoredSegment.header(of: name, on: source)
        var segment = Segment(
            name: name,
            number: number,
            size: found.size,
            mended: found.mended.flatMap { $0.number == number ? $0 : nil },
            salt: found.salt,
            limit: found.size
        )
        switch found.result {
        case .success(let header) where header.number == number: segment.header = header
        case .success(let header): segment.defect = .rotten("its header is that of segment \(header.number)")
        case .failure(let defect): segment.defect = defect
        }
        if let hole = source.holes(in: name).first { segment.defect = .rotten(hole.description) }
        if case .rotten = segment.defect { segment.header = segment.mended }
        return segment
    }

    /// Takes from the next segment what it says about this one.
    private mutating func connect(at index: Int) {
        let (segment, next) = (segments[index], segments[index + 1])
        guard next.number == segment.number + 1 else {
            missing.append((segment.number + 1)...(next.number - 1))
            segments[index].lacking = SegmentName.segment(segment.number + 1).text
            return
        }
        guard let said = next.header else {
            segments[index].lacking = next.name
            return
        }
        if let header = segment.header, header.salt != said.previousSalt {
            misfits.append(JournalReport.Misfit(file: segment.name, next: next.name))
            segments[index].lacking = next.name
            return
        }
        adopt(said, at: index)
    }

    private mutating func adopt(_ next: SegmentHeader, at index: Int) {
        let segment = segments[index]
        segments[index].isOpen = false
        segments[index].limit = min(next.previousEnd, segment.size)
        if case .newer = segment.defect { return }
        if segment.header == nil {
            let stamp = SegmentStamp(salt: next.previousSalt, milliseconds: next.created)
            segments[index].header = SegmentHeader(number: segment.number, stamp: stamp, capacity: segment.size)
        }
        if segment.defect == nil, next.previousEnd > segment.size {
            segments[index].defect = .rotten("it has \(segment.size) bytes and had at least \(next.previousEnd)")
        }
    }

    /// Nothing but the segment itself says what its header was.
    private mutating func makeUpHeader(at index: Int, _ source: LenientSource) throws(DiskError) {
        let segment = segments[index]
        let found: UInt64?
        switch segment.defect {
        case .rotten: found = try SaltSearch.salt(of: segment.name, on: source) ?? segment.salt
        // A salt alone is what an earlier use may have left of a file that is none now.
        case .blank: found = try SaltSearch.salt(of: segment.name, on: source)
        case .newer, nil: return
        }
        guard let salt = found else { return }
        let stamp = SegmentStamp(salt: salt, milliseconds: 0)
        let madeUp = SegmentHeader(number: segment.number, stamp: stamp, capacity: segment.size)
        segments[index].header = segment.mended.flatMap { $0.salt == salt ? $0 : nil } ?? madeUp
    }
}
