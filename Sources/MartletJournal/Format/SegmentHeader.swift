/// The first 64 bytes of a segment, and the place where the format of the journal is written down.
///
/// A segment is a header, then entries back to back (`Entry`), then what its header says (`Rest`). All numbers are
/// little-endian.
///
/// | offset | bytes | what |
/// | --- | --- | --- |
/// | 0 | 8 | `MARTLETJ` |
/// | 8 | 4 | format version |
/// | 12 | 4 | number of the segment: 1, 2, 3, ... |
/// | 16 | 8 | salt: another one for each use of a file, so that what is left of an earlier use does not verify |
/// | 24 | 8 | wall time of creation, ms since 1970 |
/// | 32 | 8 | salt of the segment before; 0 if there is none that belongs to this one |
/// | 40 | 8 | where the entries of the segment before end |
/// | 48 | 8 | bytes reserved for the segment |
/// | 56 | 4 | what lies behind the entries: 0 zeros, 1 anything, 2 a terminator, then anything |
/// | 60 | 4 | CRC32C of the 60 bytes before |
///
/// Where a segment ends is said by the next one's header, which is written after the segment was synced whole. So in
/// every segment but the last, whatever does not verify before its end is rot.
///
/// ## How to change the format
/// 1. Raise `currentVersion`. Every segment is written in the current version only.
/// 2. Keep the reader of the version before: a case in `init(bytes:)` and, if entries changed, in `SegmentReader`.
/// 3. Store a segment that the release before has written under `Tests/MartletJournalTests/Fixtures`, named after its
///    version, and add it to `StoredSegmentTests`; and a daemon's journal with its dump under
///    `Tests/martletdTests/Fixtures`. Fixtures are never rewritten.
/// 4. A daemon never continues a segment of another version: it begins a new one.
/// 5. What is inside of an entry (`RecordKind`) belongs to the version, too.
package struct SegmentHeader: Equatable, Sendable {
    package static let size = 64
    package static let currentVersion: UInt32 = 1
    private static let magic: UInt64 = 0x4A54_454C_5452_414D

    package var version = currentVersion
    package var number: UInt32
    package var salt: UInt64
    /// Milliseconds since 1970.
    package var created: UInt64
    package var previousSalt: UInt64 = 0
    package var previousEnd: UInt64 = 0
    /// Bytes reserved, the header included.
    package var capacity: UInt64
    package var rest = Rest.zeros

    /// What lies behind the entries in a file: it tells a torn tail from a file's earlier use, and both from a good
    /// end. Memory says `zeros` and goes by the length that it stores last.
    package enum Rest: UInt32, Sendable {
        /// The file is new.
        case zeros = 0
        /// The file has been used before. Not written any more: the end of the entries looks like a torn tail.
        case anything = 1
        /// The file has been used before. Each write ends with a terminator (`Entry`).
        case terminator = 2
    }

    package init(number: UInt32, stamp: SegmentStamp, capacity: UInt64) {
        self.number = number
        salt = stamp.salt
        created = stamp.milliseconds
        self.capacity = capacity
    }

    /// What the checksums of its entries begin with.
    package var seed: UInt32 { UInt32(truncatingIfNeeded: salt ^ (salt >> 32)) }

    /// Reads the header at the front of a segment.
    package init(bytes: UnsafeRawBufferPointer) throws(Defect) {
        guard bytes.count >= Self.size else { throw .rotten("it has only \(bytes.count) bytes") }
        if bytes.word64(0) == 0 { throw .blank }
        guard bytes.word64(0) == Self.magic else { throw .rotten("it does not begin as a segment does") }
        // Read before the checksum, which another version may keep elsewhere.
        let version = bytes.word32(8)
        guard version <= Self.currentVersion else {
            if Self.mended(bytes) == nil { throw .newer(version) }
            throw .rotten("the version in its header is wrong: \(version)")
        }
        guard version > 0, bytes.word32(60) == Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<60]), seed: 0)
        else { throw .rotten("the checksum of its header is wrong") }
        self.version = version
        number = bytes.word32(12)
        salt = bytes.word64(16)
        created = bytes.word64(24)
        previousSalt = bytes.word64(32)
        previousEnd = bytes.word64(40)
        capacity = bytes.word64(48)
        rest = Rest(rawValue: bytes.word32(56)) ?? .anything
    }

    /// The header that was there if only its first word and its version are damaged, which are known; nil if more is.
    static func mended(_ bytes: UnsafeRawBufferPointer) -> SegmentHeader? {
        guard bytes.count >= size else { return nil }
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
        defer { copy.deallocate() }
        copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<size]))
        copy.setWord64(0, magic)
        for version in 1...currentVersion {
            copy.setWord32(8, version)
            if let header = try? SegmentHeader(bytes: UnsafeRawBufferPointer(copy)) { return header }
        }
        return nil
    }

    /// Writes it to 64 bytes.
    package func write(to bytes: UnsafeMutableRawBufferPointer) {
        precondition(bytes.count >= Self.size, "a header has 64 bytes")
        bytes.setWord64(0, Self.magic)
        bytes.setWord32(8, version)
        bytes.setWord32(12, number)
        bytes.setWord64(16, salt)
        bytes.setWord64(24, created)
        bytes.setWord64(32, previousSalt)
        bytes.setWord64(40, previousEnd)
        bytes.setWord64(48, capacity)
        bytes.setWord32(56, rest.rawValue)
        bytes.setWord32(60, Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<60]), seed: 0))
    }

    /// Why 64 bytes are no header that can be used.
    package enum Defect: Error, Equatable {
        /// It begins with zeros: it was not finished.
        case blank
        /// Written by a later release.
        case newer(UInt32)
        case rotten(String)
    }
}
