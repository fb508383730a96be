/// Reads the entries of one segment from its front, in pieces, each checked before it is given out.
///
/// Memory: a piece of 1 MiB, or the longest entry if that is more. What `next` gives out is good until it is called
/// again.
final class SegmentReader {
    enum Step {
        case entry(UnsafeRawBufferPointer)
        case end(Ending)
    }

    /// Why no entry follows.
    enum Ending: Equatable {
        /// The limit is reached, exactly.
        case limit
        /// A length of zero, or as much of one as there is before the limit: nothing was written here.
        case blank
        /// Something is there, and it is no entry.
        case broken(String)
    }

    let name: String
    let header: SegmentHeader
    private let disk: any SegmentSource
    private let file: DiskFile
    private let limit: UInt64
    /// Where the next entry begins in the segment.
    private(set) var offset = UInt64(SegmentHeader.size)
    /// How much of the segment was synced, as the marks say that were read.
    private(set) var synced = UInt64(SegmentHeader.size)
    /// Where a batch behind those that were read begins: a mark behind the last one is written over.
    private(set) var batchOffset = UInt64(SegmentHeader.size)
    private var buffer: UnsafeMutableRawBufferPointer
    /// The part of the buffer that holds what lies at `offset` and behind.
    private var filled = 0..<0

    init(_ segment: StoredSegment, file: DiskFile, disk: any SegmentSource, limit: UInt64, pieceSize: Int = 1 << 20) {
        name = segment.name
        header = segment.header
        self.file = file
        self.disk = disk
        self.limit = limit
        buffer = .allocate(byteCount: max(pieceSize, SegmentHeader.size), alignment: 16)
    }

    deinit { buffer.deallocate() }

    func next() throws(DiskError) -> Step {
        while true {
            if offset >= limit { return .end(.limit) }
            guard try hold(Entry.headSize) else { return .end(try endWithoutHead()) }
            let word = UnsafeRawBufferPointer(rebasing: buffer[filled]).word32(0)
            if word == 0 { return .end(.blank) }
            guard let length = Self.length(word) else { return .end(.broken("no entry is \(word) bytes long")) }
            let size = Entry.headSize + length
            guard try hold(size) else { return .end(.broken("it ends within an entry of \(length) bytes")) }
            let entry = UnsafeRawBufferPointer(rebasing: buffer[filled.lowerBound..<(filled.lowerBound + size)])
            guard entry.word32(4) == Entry.checksum(of: entry, seed: header.seed) else {
                return .end(.broken("the checksum of an entry of \(length) bytes is wrong"))
            }
            let start = offset
            advance(by: size)
            batchOffset = offset
            if word != Mark.word {
                return .entry(UnsafeRawBufferPointer(rebasing: entry[Entry.headSize...]))
            }
            if let mark = Mark(at: entry, header: header) {
                synced = max(synced, mark.synced)
                if mark.synced == start { batchOffset = start }
            }
        }
    }

    /// What fewer bytes than a head are: a terminator, with anything behind it, or a part of an entry.
    private func endWithoutHead() throws(DiskError) -> Ending {
        let rest = Int(limit - offset)
        guard try hold(rest), buffer[filled].prefix(Entry.terminatorSize).allSatisfy({ $0 == 0 })
        else { return .broken("it ends within the head of an entry") }
        return .blank
    }

    /// Goes on at another place, behind what did not verify.
    func resume(at offset: UInt64) {
        self.offset = offset
        filled = 0..<0
    }

    /// Where the entry that did not verify would end if its length is right.
    func endOfBroken() throws(DiskError) -> UInt64? {
        guard try hold(Entry.headSize) else { return nil }
        let word = UnsafeRawBufferPointer(rebasing: buffer[filled]).word32(0)
        guard let length = Self.length(word) else { return nil }
        let end = offset + UInt64(Entry.headSize + length)
        return end <= limit ? end : nil
    }

    private static func length(_ word: UInt32) -> Int? {
        if word == Mark.word { return Mark.size - Entry.headSize }
        return Entry.isLength(word) ? Int(word) : nil
    }

    private func advance(by count: Int) {
        offset += UInt64(count)
        filled = (filled.lowerBound + count)..<filled.upperBound
    }

    /// Has at least so many bytes from `offset` on in the buffer; false if the segment has fewer.
    private func hold(_ count: Int) throws(DiskError) -> Bool {
        if filled.count >= count { return true }
        guard UInt64(count) <= limit - offset else { return false }
        makeRoom(for: count)
        while filled.count < count {
            let room = min(buffer.count - filled.upperBound, Int(limit - offset) - filled.count)
            let space = UnsafeMutableRawBufferPointer(rebasing: buffer[filled.upperBound..<(filled.upperBound + room)])
            let read = try disk.read(file, at: offset + UInt64(filled.count), into: space)
            if read == 0 { return false }
            filled = filled.lowerBound..<(filled.upperBound + read)
        }
        return true
    }

    /// Moves what is held to the front, of a larger buffer if need be.
    private func makeRoom(for count: Int) {
        let held = UnsafeRawBufferPointer(rebasing: buffer[filled])
        if count > buffer.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
            larger.copyMemory(from: held)
            buffer.deallocate()
            buffer = larger
        } else {
            // The two may overlap, which copyMemory allows.
            buffer.copyMemory(from: held)
        }
        filled = 0..<held.count
    }
}
