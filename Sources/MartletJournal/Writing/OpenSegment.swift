/// The segment that entries go to.
struct OpenSegment {
    /// Zeros are written ahead in such steps, while batches are small: on ext4, a sync of blocks that have never been
    /// written costs half as much again, as their extents change with it.
    private static let preparedAhead: UInt64 = 128 << 10
    private static let smallBatch = 64 << 10
    private static let zeros = [UInt8](repeating: 0, count: Int(preparedAhead))

    let number: UInt32
    let file: DiskFile
    let header: SegmentHeader
    /// The end of what was written.
    private(set) var written: UInt64
    private var synced: UInt64
    /// Up to here no metadata has to be written when bytes are.
    private var prepared: UInt64
    /// There is a mark behind the last batch.
    private var isMarked = false

    /// Entries go to `end` and beyond; what is before it is synced.
    init(number: UInt32, file: DiskFile, header: SegmentHeader, end: UInt64) {
        self.number = number
        self.file = file
        self.header = header
        written = end
        synced = end
        prepared = end
    }

    /// Whether something was written that is not synced.
    var isDirty: Bool { synced < written }

    /// All of its blocks have been written once.
    mutating func isPrepared() { prepared = header.capacity }

    /// What was written is synced.
    mutating func isSynced() { synced = written }

    /// Seals the entries of a run and writes them. After an error the same call may be made again.
    mutating func write(_ run: Batch.Run, of batch: Batch, on disk: any Disk) throws(DiskError) {
        let entries = batch.bytes(of: run)
        let end = run.offset + UInt64(entries.count)
        try prepare(end, isSmall: entries.count <= Self.smallBatch, on: disk)
        Entry.seal(entries, seed: header.seed, mark: Mark(synced: synced, salt: header.salt))
        let bytes = batch.terminatedBytes(of: run).prefix(Int(header.capacity - run.offset))
        try disk.write(file, at: run.offset, UnsafeRawBufferPointer(rebasing: bytes))
        written = end
        isMarked = false
    }

    /// All of the last batch is synced, nothing behind it says so, and there is room for it.
    var wantsMark: Bool { !isDirty && !isMarked && written + UInt64(Mark.size) <= header.capacity }

    /// Says behind the last batch that all of it is synced, if that is worth it.
    mutating func mark(on disk: any Disk) throws(DiskError) {
        guard wantsMark else { return }
        let mark = Mark(synced: synced, salt: header.salt).entry(seed: header.seed, room: header.capacity - written)
        try mark.withUnsafeBytes { bytes in
            Result { () throws(DiskError) in try disk.write(file, at: written, bytes) }
        }.get()
        isMarked = true
    }

    /// Makes sure that entries that end at `end`, and a terminator, go to blocks that have been written once.
    private mutating func prepare(_ end: UInt64, isSmall: Bool, on disk: any Disk) throws(DiskError) {
        let end = min(end + UInt64(Entry.terminatorSize), header.capacity)
        guard end > prepared else { return }
        guard isSmall else {
            prepared = end
            return
        }
        let count = min(Self.preparedAhead, header.capacity - end)
        guard count > 0 else { return }
        try Self.zeros.withUnsafeBytes { zeros in
            Result { () throws(DiskError) in
                try disk.write(file, at: end, UnsafeRawBufferPointer(rebasing: zeros[..<Int(count)]))
            }
        }.get()
        prepared = end + count
    }
}
