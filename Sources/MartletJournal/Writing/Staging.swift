/// Where appends wait for the next batch.
package struct Staging {
    package private(set) var layout: SegmentLayout
    /// What has been appended since the last batch was taken.
    package private(set) var batch = Batch()
    /// The position behind everything that was appended.
    package private(set) var position: UInt64 = 0

    package init(_ layout: SegmentLayout) { self.layout = layout }

    /// Returns the position behind the entries.
    package mutating func append(_ entries: UnsafeRawBufferPointer) -> UInt64 {
        guard !entries.isEmpty else { return position }
        // A batch begins with a mark, except at the front of a segment, where nothing was synced that could rot.
        let marked = batch.isEmpty && layout.fits(entries.count + Mark.size) && !layout.isAtFront
        let place = layout.place(entries.count + (marked ? Mark.size : 0))
        position += UInt64(entries.count)
        batch.add(entries, at: place, marked: marked, end: position)
        return position
    }

    /// The same with an entry that has no head yet.
    mutating func append(payload: UnsafeRawBufferPointer) {
        let entry = UnsafeMutableRawBufferPointer.allocate(byteCount: Entry.headSize + payload.count, alignment: 8)
        defer { entry.deallocate() }
        entry.setWord32(0, UInt32(payload.count))
        entry.setWord32(4, 0)
        UnsafeMutableRawBufferPointer(rebasing: entry[Entry.headSize...]).copyMemory(from: payload)
        _ = append(UnsafeRawBufferPointer(entry))
    }

    /// Hands the batch over and goes on with an empty one.
    package mutating func take(_ next: Batch) -> Batch {
        precondition(next.isEmpty, "a batch is used again when it has been written")
        defer { batch = next }
        return batch
    }
}
