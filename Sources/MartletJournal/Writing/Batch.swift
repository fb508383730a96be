/// Entries on their way to files: what was appended while the batch before was being written.
///
/// The bytes lie in one block that is used again; each run of them goes to one place of one segment.
///
/// Invariant: behind the bytes of each run lies a terminator.
package final class Batch {
    package struct Run: Equatable {
        package let segment: UInt32
        /// Bytes of the whole segment.
        package let capacity: UInt64
        /// Where in the segment the run begins.
        package let offset: UInt64
        package fileprivate(set) var bytes: Range<Int>
        /// The position behind its last entry.
        package fileprivate(set) var end: UInt64
    }

    /// More memory than this is given back once it has been used.
    private static let keptCapacity = 4 << 20

    private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var count = 0
    package private(set) var runs: [Run] = []
    package init() {}

    deinit { memory.deallocate() }

    package var isEmpty: Bool { runs.isEmpty }
    package var size: Int { count }

    /// Adds entries that go to a place, behind a mark if it is asked for; the place has room for both.
    package func add(
        _ entries: UnsafeRawBufferPointer,
        at place: SegmentLayout.Place,
        marked: Bool = false,
        end: UInt64
    ) {
        let last = runs.last.flatMap { $0.segment == place.segment ? $0 : nil }
        let start = last?.bytes.upperBound ?? count
        let entriesStart = start + (marked ? Mark.size : 0)
        let entriesEnd = entriesStart + entries.count
        grow(to: entriesEnd + Entry.terminatorSize)
        if marked { Mark.writeBlank(to: UnsafeMutableRawBufferPointer(rebasing: memory[start..<entriesStart])) }
        UnsafeMutableRawBufferPointer(rebasing: memory[entriesStart...]).copyMemory(from: entries)
        memory.setWord32(entriesEnd, 0)
        count = entriesEnd + Entry.terminatorSize
        if let last {
            runs[runs.count - 1].bytes = last.bytes.lowerBound..<entriesEnd
            runs[runs.count - 1].end = end
            return
        }
        runs.append(
            Run(
                segment: place.segment,
                capacity: place.capacity,
                offset: place.offset,
                bytes: start..<entriesEnd,
                end: end
            )
        )
    }

    package func bytes(of run: Run) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: memory[run.bytes])
    }

    /// The same with the terminator.
    func terminatedBytes(of run: Run) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory[run.bytes.lowerBound..<(run.bytes.upperBound + Entry.terminatorSize)])
    }

    /// The payloads of its entries, those of runs left out that end at the position or before.
    package func forEachEntry(after position: UInt64, _ body: (UnsafeRawBufferPointer) -> Void) {
        for run in runs where run.end > position {
            Entry.forEach(in: UnsafeRawBufferPointer(rebasing: memory[run.bytes]), body)
        }
    }

    package func removeAll() {
        runs.removeAll(keepingCapacity: true)
        count = 0
        guard memory.count > Self.keptCapacity else { return }
        memory.deallocate()
        memory = .allocate(byteCount: Self.keptCapacity, alignment: 16)
    }

    private func grow(to size: Int) {
        guard size > memory.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(memory.count * 2, size), alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
        memory.deallocate()
        memory = larger
    }
}
