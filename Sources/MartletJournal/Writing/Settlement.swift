/// What a start makes durable before anything rests on it: names, and what the last run may only have handed to the
/// kernel.
///
/// If a sync has failed before, the kernel still gives out what it has dropped, and takes it for written: another sync
/// would succeed without it. So nothing that is read is taken for durable; it is written again. For the same reason,
/// whatever finds no space is done again as a whole.
struct Settlement {
    private static let piece = 64 << 10
    private static let zeros = [UInt8](repeating: 0, count: piece)

    private let last: StoredSegment?
    private let renamings: [Inheritance.Renaming]
    private var namesAreDurable = false
    /// The entries of the last segment that may not have been synced, with the terminator behind them, and where they
    /// begin. Kept here until they are: the kernel may let go of what it has dropped, and would then read something
    /// else.
    private var tail: [UInt8]
    private let tailStart: UInt64
    /// What is to be zero.
    private var rest: Range<UInt64>

    /// Where nothing was before, there is nothing to do.
    init() {
        (last, renamings, tail, tailStart, rest) = (nil, [], [], 0, 0..<0)
        namesAreDurable = true
    }

    init(
        _ predecessor: Continuation,
        _ renamings: [Inheritance.Renaming],
        on disk: any Disk
    ) throws(DiskError) {
        last = predecessor.last
        self.renamings = renamings
        tailStart = predecessor.synced
        rest = predecessor.end..<predecessor.end
        tail = try Self.tail(predecessor, on: disk)
    }

    var isDone: Bool { namesAreDurable && tail.isEmpty && rest.isEmpty }
    /// Entries will be appended to the last segment, behind those that are there. What lies behind them could come
    /// back to life: it is overwritten with zeros, up to the end of the file.
    ///
    /// Where it reads as zero, too: an earlier start may have written those zeros, in vain. If the power goes
    /// meanwhile, what is left of a torn tail is as torn as it was.
    mutating func clearRest() { rest = rest.lowerBound..<(last?.size ?? rest.lowerBound) }

    /// Does what is left to do.
    mutating func perform(on disk: any Disk) throws(DiskError) {
        if !namesAreDurable { try settleNames(on: disk) }
        namesAreDurable = true
        guard let last, !isDone else { return }
        let file = try disk.open(last.name)
        defer { disk.close(file) }
        try rewriteTail(file, on: disk)
        try clearRest(file, on: disk)
        try disk.sync(file)
        tail = []
        rest = rest.upperBound..<rest.upperBound
    }

    /// A spare is written over, and would be a segment again if its name were not durable.
    private func settleNames(on disk: any Disk) throws(DiskError) {
        try disk.syncDirectory()
        for renaming in renamings {
            if let header = renaming.header { try sync(header, in: renaming.spare, on: disk) }
            try disk.renameDurably(renaming.segment, to: renaming.spare)
        }
    }

    private func sync(_ header: SegmentHeader, in spare: String, on disk: any Disk) throws(DiskError) {
        // If an attempt before found no space, it may have its old name now, and its header was synced then.
        guard try disk.exists(spare) else { return }
        let file = try disk.open(spare)
        defer { disk.close(file) }
        try header.write(to: file, on: disk)
        try disk.sync(file)
    }

    private func rewriteTail(_ file: DiskFile, on disk: any Disk) throws(DiskError) {
        guard !tail.isEmpty else { return }
        try tail.withUnsafeBytes { bytes in
            Result { () throws(DiskError) in try disk.write(file, at: tailStart, bytes) }
        }.get()
    }

    private func clearRest(_ file: DiskFile, on disk: any Disk) throws(DiskError) {
        var offset = rest.lowerBound
        while offset < rest.upperBound {
            let count = min(Self.piece, Int(rest.upperBound - offset))
            try Self.zeros.withUnsafeBytes { zeros in
                Result { () throws(DiskError) in
                    try disk.write(file, at: offset, UnsafeRawBufferPointer(rebasing: zeros[..<count]))
                }
            }.get()
            offset += UInt64(count)
        }
    }

    // MARK: Reading

    private static func tail(_ predecessor: Continuation, on disk: any Disk) throws(DiskError) -> [UInt8] {
        guard let last = predecessor.last, predecessor.synced < predecessor.end else { return [] }
        let file = try disk.open(last.name)
        defer { disk.close(file) }
        var bytes = [UInt8](repeating: 0, count: Int(predecessor.end - predecessor.synced))
        let isWhole = try bytes.withUnsafeMutableBytes { space in
            Result { () throws(DiskError) in
                try fill(space, from: file, at: predecessor.synced, on: disk)
                return Entry.areWhole(UnsafeRawBufferPointer(space), seed: last.header.seed)
            }
        }.get()
        guard isWhole else {
            throw DiskError(.broken, call: "read", file: last.name, reason: "it does not read as it did a moment ago")
        }
        // A torn tail has replaced it, and stays to be looked at.
        if predecessor.isTorn { return bytes }
        return bytes + [UInt8](repeating: 0, count: min(Entry.terminatorSize, Int(last.size - predecessor.end)))
    }

    private static func fill(
        _ space: UnsafeMutableRawBufferPointer,
        from file: DiskFile,
        at start: UInt64,
        on disk: any Disk
    ) throws(DiskError) {
        var count = 0
        while count < space.count {
            let part = UnsafeMutableRawBufferPointer(rebasing: space[count...])
            let read = try disk.read(file, at: start + UInt64(count), into: part)
            // What is missing does not verify.
            if read == 0 { return }
            count += read
        }
    }
}
