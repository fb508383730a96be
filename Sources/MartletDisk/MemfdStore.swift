import CLinux
import Glibc
package import MartletJournal
import Synchronization

/// The segments that an earlier run has left with the descriptor keeper, for `Recovery` to read, and the maker of new
/// ones.
///
/// They are recognised by their names, and by their headers when they are read. It owns the descriptors given to it.
package final class MemfdStore: DescriptorSource {
    /// A descriptor that was kept for us and that cannot be used.
    package enum Oddity: Equatable, Sendable {
        /// No name of a journal's segment. The descriptor is left alone: it belongs to somebody else.
        case foreign(name: String)
        /// There was one of this name before, the same or an unused one. It has been closed.
        case duplicate(name: String)
    }

    private struct Kept {
        let name: String
        let descriptor: Int32
    }

    package let oddities: [Oddity]
    let keeper: any DescriptorKeeper
    private let kept: Mutex<[UInt32: Kept]>

    /// Sorts out what the service manager has handed to this run.
    package init(
        inherited: [(name: String, descriptor: Int32)],
        keeper: any DescriptorKeeper
    ) throws(JournalError) {
        self.keeper = keeper
        var found: [UInt32: Kept] = [:]
        var oddities: [Oddity] = []
        for (name, descriptor) in inherited {
            guard let number = MemfdName.number(name) else {
                oddities.append(.foreign(name: name))
                continue
            }
            guard let other = found[number] else {
                found[number] = Kept(name: name, descriptor: descriptor)
                continue
            }
            oddities.append(.duplicate(name: name))
            let isBetter = try Self.isBetter(descriptor, than: other.descriptor, name)
            SystemCall.close(isBetter ? other.descriptor : descriptor)
            if isBetter { found[number] = Kept(name: name, descriptor: descriptor) }
        }
        self.oddities = oddities
        kept = Mutex(found)
    }

    deinit { kept.withLock { for kept in $0.values { SystemCall.close(kept.descriptor) } } }

    /// Which one of two of the same name is the segment, if only one of them can be.
    private static func isBetter(_ descriptor: Int32, than other: Int32, _ name: String) throws(JournalError) -> Bool {
        let headers = [other, descriptor].map(firstBytes)
        if headers[0] == headers[1] || isBlank(headers[1]) { return false }
        if isBlank(headers[0]) { return true }
        throw .rotten(file: name, offset: 0, reason: "two different segments have this name")
    }

    private static func firstBytes(_ descriptor: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: SegmentHeader.size)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(count, 0)))
    }

    private static func isBlank(_ header: [UInt8]) -> Bool { header.prefix(8).allSatisfy { $0 == 0 } }

    // MARK: Reading

    package func names() throws(DiskError) -> [String] {
        kept.withLock { $0.keys.sorted().map { SegmentName.segment($0).text } }
    }

    package func open(_ name: String) throws(DiskError) -> DiskFile {
        guard case .segment(let number) = SegmentName(name), let found = kept.withLock({ $0[number] }) else {
            throw DiskError(.broken, call: "open", file: name, reason: "it was not kept")
        }
        return DiskFile(number: found.descriptor)
    }

    /// They stay open.
    package func close(_ file: DiskFile) {}

    // MARK: Keeping

    /// A new segment, unused, kept for the next run when this returns.
    func make(_ number: UInt32, size: UInt64) throws(DiskError) -> MappedSegment {
        let name = MemfdName.text(number)
        let descriptor = try SystemCall.check("memfd_create", name) { clinux_create_memory(name) }
        do throws(DiskError) {
            try SystemCall.check("ftruncate", name) { ftruncate(descriptor, off_t(size)) }
            try SystemCall.check("fcntl", name) { clinux_seal_size(descriptor) }
        } catch {
            SystemCall.close(descriptor)
            throw error
        }
        let segment = try MappedSegment(number: number, descriptor: descriptor, size: size)
        try keep(segment)
        return segment
    }

    /// Returns when the segment is kept for the next run. If that is not confirmed it is not kept, as far as anybody
    /// can say: one more at every attempt would fill the keeper.
    func keep(_ segment: MappedSegment) throws(DiskError) {
        let name = MemfdName.text(segment.number)
        var isDoubtful = ""
        do {
            try keeper.push(segment.descriptor, name: name)
            try keeper.barrier()
        } catch {
            do { try keeper.remove(name: name) } catch { isDoubtful = ", and \(error)" }
            throw DiskError(.noSpace, call: "keep", file: name, reason: "\(error)\(isDoubtful)")
        }
    }

    /// Says that a segment is not needed any more.
    func forget(_ number: UInt32) throws(DiskError) {
        let found = kept.withLock { $0[number] }
        let name = found?.name ?? MemfdName.text(number)
        do { try keeper.remove(name: name) } catch {
            throw DiskError(.noSpace, call: "forget", file: name, reason: "\(error)")
        }
        guard let found else { return }
        kept.withLock { $0[number] = nil }
        SystemCall.close(found.descriptor)
    }

    /// A mapping of what an earlier run has left; the descriptor belongs to the mapping from now on.
    func takeOver(_ number: UInt32, size: UInt64) throws(DiskError) -> MappedSegment? {
        guard let found = kept.withLock({ $0.removeValue(forKey: number) }) else { return nil }
        return try MappedSegment(number: number, descriptor: found.descriptor, size: size)
    }
}
