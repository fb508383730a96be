/// Text that a request's line does not hold as it is meant: strings whose escapes were decoded, bodies made from
/// console words. It lives as long as its batch.
///
/// Unsafe memory: a block never moves and never grows, so slices into it stay valid until `removeAll()`.
struct DecodedText: ~Copyable {
    private var blocks: [UnsafeMutableRawBufferPointer] = []
    private var used = 0

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// Room for up to `count` bytes; the caller writes them and hands the written part to `take`.
    mutating func reserve(_ count: Int) -> UnsafeMutableRawBufferPointer {
        if blocks.isEmpty || blocks[blocks.count - 1].count - used < count {
            blocks.append(.allocate(byteCount: max(count, 16 << 10), alignment: 1))
            used = 0
        }
        let block = blocks[blocks.count - 1]
        return UnsafeMutableRawBufferPointer(rebasing: block[used..<used + count])
    }

    /// Keeps the first `count` bytes of what `reserve` gave.
    mutating func take(_ count: Int) { used += count }

    mutating func removeAll() {
        guard !blocks.isEmpty else { return }
        // One ordinary block is kept: escapes are rare, but a client that uses them uses them always.
        for block in blocks.dropFirst() { block.deallocate() }
        blocks.removeLast(blocks.count - 1)
        if blocks[0].count > 16 << 10 {
            blocks[0].deallocate()
            blocks.removeAll()
        }
        used = 0
    }
}
