/// Tells what it means that no entry verifies at an offset: the end, a torn tail, or rot.
///
/// In a segment that another one follows, only its end is none: it was synced whole before the next one's header was
/// written, which says where it ends. In the last segment of files, what a later mark calls synced is rot and the rest
/// is torn, unless it is what the header says of a good end (`SegmentHeader.Rest`); and the segment must have the size
/// that it was made with. In the last segment of memory, the end is a length of zero, always.
struct Judgement {
    enum Tail: Equatable {
        case end
        case torn(String)
        case rotten(String)
    }

    private let segment: StoredSegment
    private let file: DiskFile
    private let disk: any SegmentSource
    private let medium: JournalMedium

    init(_ segment: StoredSegment, file: DiskFile, disk: any SegmentSource, medium: JournalMedium) {
        self.segment = segment
        self.file = file
        self.disk = disk
        self.medium = medium
    }

    func tail(at offset: UInt64, _ ending: SegmentReader.Ending, isLast: Bool) throws(DiskError) -> Tail {
        if isLast && medium == .files, try isCutOff() {
            return .rotten("it has \(segment.size) bytes and had \(segment.header.capacity)")
        }
        if case .limit = ending { return .end }
        let reason =
            switch ending {
            case .broken(let reason): reason
            case .limit, .blank: "there are zeros in place of an entry"
            }
        guard isLast else { return .rotten(reason) }
        switch medium {
        case .memory: return ending == .blank ? .end : .rotten(reason)
        case .files: return try tailOfFile(at: offset, isBlank: ending == .blank, reason)
        }
    }

    /// A last segment is as large as it was made, or ends with a mark that says that this was meant.
    private func isCutOff() throws(DiskError) -> Bool {
        let start = segment.size - min(segment.size, UInt64(Mark.size))
        guard segment.size < segment.header.capacity else { return false }
        var isMeant = false
        try MarkScan.forEach(in: file, of: segment.header, on: disk, from: start) { offset, mark in
            isMeant = offset == start && mark.synced == start
            return false
        }
        return !isMeant
    }

    private func tailOfFile(at offset: UInt64, isBlank: Bool, _ reason: String) throws(DiskError) -> Tail {
        var isMarked = false
        var isSynced = false
        // From the offset itself: what does not verify there may be a mark whose neighbour has rotted, not itself.
        try MarkScan.forEach(in: file, of: segment.header, on: disk, from: offset) { _, mark in
            isMarked = true
            isSynced = mark.synced > offset
            return !isSynced
        }
        if isSynced { return .rotten(reason) }
        let isTorn =
            switch segment.header.rest {
            case .zeros: try hasBytes(from: offset)
            // A write whose first bytes have not survived looks as if it had not been made.
            case .terminator: !isBlank
            // What the file was used for earlier looks like a torn tail.
            case .anything: false
            }
        return isMarked || isTorn ? .torn(reason) : .end
    }

    /// Whether any byte is not zero.
    private func hasBytes(from start: UInt64) throws(DiskError) -> Bool {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 8)
        defer { buffer.deallocate() }
        var offset = start
        while true {
            let read = try disk.read(file, at: offset, into: buffer)
            if read == 0 { return false }
            if !UnsafeRawBufferPointer(rebasing: buffer[..<read]).isZero { return true }
            offset += UInt64(read)
        }
    }
}
