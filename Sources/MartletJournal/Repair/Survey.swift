/// The segments of a journal that may be damaged. A header that cannot be read is made up from what the next one says,
/// or from what can be read of the marks and of it itself.
struct Survey {
    struct Segment {
        let name: String
        let number: UInt32
        let size: UInt64
        /// As found, or made up; nil if neither is possible.
        var header: SegmentHeader?
        var defect: SegmentHeader.Defect?
        /// As its header has it, be that damaged or not.
        let salt: UInt64?
        /// Where its entries end at the latest.
        var limit: UInt64
        var isLast = false
    }

    private(set) var segments: [Segment] = []
    private(set) var missing: [UInt32] = []
    private(set) var unfinishedRepair: String?
    private(set) var spares: [String] = []

    init(_ source: any SegmentSource) throws(DiskError) {
        for name in try source.names().compactMap(SegmentName.init) {
            switch name {
            case .segment(let number): segments.append(try Self.segment(number, source))
            case .repair: unfinishedRepair = name.text
            case .spare: spares.append(name.text)
            case .repairing: continue
            }
        }
        segments.sort { $0.number < $1.number }
        connect()
        for index in segments.indices where segments[index].header == nil { try makeUpHeader(at: index, source) }
    }

    private static func segment(_ number: UInt32, _ source: any SegmentSource) throws(DiskError) -> Segment {
        let name = SegmentName.segment(number).text
        let found = try StoredSegment.header(of: name, on: source)
        var segment = Segment(name: name, number: number, size: found.size, salt: found.salt, limit: found.size)
        switch found.result {
        case .success(let header) where header.number == number: segment.header = header
        case .success(let header): segment.defect = .rotten("its header is that of segment \(header.number)")
        case .failure(let defect): segment.defect = defect
        }
        return segment
    }

    private mutating func connect() {
        guard !segments.isEmpty else { return }
        segments[segments.count - 1].isLast = true
        for index in segments.indices.dropLast() {
            let next = segments[index + 1]
            missing.append(contentsOf: (segments[index].number + 1)..<next.number)
            guard next.number == segments[index].number + 1, let header = next.header else { continue }
            adopt(header, at: index)
        }
    }

    /// Nothing but the segment itself says what its header was.
    private mutating func makeUpHeader(at index: Int, _ source: any SegmentSource) throws(DiskError) {
        guard case .rotten = segments[index].defect else { return }
        let segment = segments[index]
        guard let salt = try SaltSearch.salt(of: segment.name, on: source) ?? segment.salt else { return }
        let stamp = SegmentStamp(salt: salt, milliseconds: 0)
        segments[index].header = SegmentHeader(number: segment.number, stamp: stamp, capacity: segment.size)
    }

    private mutating func adopt(_ next: SegmentHeader, at index: Int) {
        segments[index].limit = min(next.previousEnd, segments[index].size)
        if let header = segments[index].header, header.salt == next.previousSalt { return }
        if case .newer = segments[index].defect { return }
        let stamp = SegmentStamp(salt: next.previousSalt, milliseconds: next.created)
        let number = segments[index].number
        segments[index].header = SegmentHeader(number: number, stamp: stamp, capacity: segments[index].size)
        if segments[index].defect == nil {
            segments[index].defect = .rotten("the segment behind it was written behind another one")
        }
    }
}
