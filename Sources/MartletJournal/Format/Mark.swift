/// The entry of the journal's own which says how much of its segment had been synced when it was written.
///
/// Each batch begins with one, and one is written behind the last batch when the journal has had nothing to do for a
/// while. It tells rot from a torn tail: after a power cut, what follows the last synced byte may be missing, torn or
/// there in part, and is cut; but when an entry does not verify at an offset that a later mark calls synced, it was
/// whole once.
///
/// It costs 24 bytes a sync. It carries the segment's salt, so that it can be found behind damage, where nothing says
/// at which offset an entry begins, and be mistaken for nothing else.
struct Mark: Equatable {
    static let size = 24
    /// Stands where other entries have their length.
    static let word: UInt32 = 0x8000_0010

    let synced: UInt64
    let salt: UInt64

    /// Writes the payload; the head is the entry's.
    func write(to bytes: UnsafeMutableRawBufferPointer) {
        bytes.setWord64(8, synced)
        bytes.setWord64(16, salt)
    }

    /// A mark that `Entry.seal` fills in.
    static func writeBlank(to bytes: UnsafeMutableRawBufferPointer) {
        bytes.setWord32(0, word)
        bytes.setWord32(4, 0)
        bytes.setWord64(8, 0)
        bytes.setWord64(16, 0)
    }

    /// All of its bytes, and as much of a terminator as there is room for.
    func entry(seed: UInt32, room: UInt64) -> [UInt8] {
        var entry = [UInt8](repeating: 0, count: Int(min(UInt64(Self.size + Entry.terminatorSize), room)))
        entry.withUnsafeMutableBytes { bytes in
            Self.writeBlank(to: bytes)
            Entry.seal(UnsafeMutableRawBufferPointer(rebasing: bytes[..<Self.size]), seed: seed, mark: self)
        }
        return entry
    }

    /// The mark at the front of the bytes, if one is there and whole.
    init?(at bytes: UnsafeRawBufferPointer, header: SegmentHeader) {
        guard bytes.count >= Self.size, bytes.word32(0) == Self.word, bytes.word64(16) == header.salt
        else { return nil }
        let entry = UnsafeRawBufferPointer(rebasing: bytes[..<Self.size])
        guard entry.word32(4) == Entry.checksum(of: entry, seed: header.seed) else { return nil }
        synced = bytes.word64(8)
        salt = header.salt
    }

    /// The mark at the front of the bytes, if one is there that is whole by its own salt: nobody knows the segment's.
    init?(at bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.size else { return nil }
        let stamp = SegmentStamp(salt: bytes.word64(16), milliseconds: 0)
        self.init(at: bytes, header: SegmentHeader(number: 0, stamp: stamp, capacity: 0))
    }

    init(synced: UInt64, salt: UInt64) {
        self.synced = synced
        self.salt = salt
    }
}
