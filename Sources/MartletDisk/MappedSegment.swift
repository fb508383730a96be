import CLinux
import Glibc
import MartletJournal
import Synchronization

/// A segment in memory: a memfd, mapped.
///
/// Whoever is killed in the middle of writing leaves what is whole: the memory is the kernel's, it sees stores in the
/// order in which they were made, and the store that makes a header or an entry valid is made last, behind a fence.
// Unchecked: its memory is written under the journal's monitor, or before anybody else knows of it.
final class MappedSegment: @unchecked Sendable {
    private(set) var number: UInt32
    /// Bytes of the whole memory.
    let size: UInt64
    let descriptor: Int32
    private let base: UnsafeMutableRawPointer
    /// What the next segment's header says about this one.
    private(set) var salt: UInt64 = 0
    private var seed: UInt32 = 0

    /// Takes over a memfd of this size and closes it in the end.
    init(number: UInt32, descriptor: Int32, size: UInt64) throws(DiskError) {
        self.number = number
        self.size = size
        self.descriptor = descriptor
        let mapped = mmap(nil, Int(size), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let mapped, mapped != MAP_FAILED else {
            SystemCall.close(descriptor)
            throw DiskError(.noSpace, call: "mmap", file: MemfdName.text(number), reason: "\(size) bytes")
        }
        base = mapped
    }

    deinit {
        munmap(base, Int(size))
        SystemCall.close(descriptor)
    }

    /// Gives an unused one another number. Its pages stay mapped: to touch them again costs nothing.
    func renumber(_ number: UInt32) { self.number = number }

    /// Makes it an unused one.
    func invalidate() {
        base.storeBytes(of: 0, as: UInt64.self)
        atomicMemoryFence(ordering: .sequentiallyConsistent)
    }

    /// Makes it a segment without entries.
    func begin(_ header: SegmentHeader) {
        adopt(header)
        // A length of zero behind the header says that there is no entry.
        base.storeBytes(of: 0, toByteOffset: SegmentHeader.size, as: UInt64.self)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: SegmentHeader.size, alignment: 8)
        defer { bytes.deallocate() }
        header.write(to: bytes)
        guard let start = bytes.baseAddress else { preconditionFailure("a header has bytes") }
        (base + 8).copyMemory(from: start + 8, byteCount: SegmentHeader.size - 8)
        atomicMemoryFence(ordering: .releasing)
        base.storeBytes(of: start.load(as: UInt64.self), as: UInt64.self)
        atomicMemoryFence(ordering: .releasing)
    }

    /// Goes on with what an earlier run has begun.
    func adopt(_ header: SegmentHeader) {
        salt = header.salt
        seed = header.seed
    }

    /// Writes entries for which there is room, and four bytes.
    func write(_ entries: UnsafeRawBufferPointer, at offset: UInt64) {
        precondition(offset + UInt64(entries.count) + 4 <= size, "the layout leaves room behind each append")
        let place = base + Int(offset)
        Entry.copyUnfinished(entries, to: place, seed: seed)
        atomicMemoryFence(ordering: .releasing)
        place.storeBytes(of: entries.loadUnaligned(as: UInt32.self), as: UInt32.self)
    }
}
