/// The memory that one turn of a loop reads into: one block, given out from its front, whole again in the next turn.
///
/// Sockets are read into it one behind the other and their lines parsed where they lie, so that reading costs no
/// allocation and no copy, and what a turn touches stays in the cache.
///
/// Invariant: what was given out stays where it is until `removeAll()`.
struct TurnBuffer: ~Copyable {
    /// Bytes a turn reads at most; what is left is read in the next one.
    static let capacity = 1 << 20

    private let base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
    private var used = 0

    deinit { base.deallocate() }

    var room: Int { Self.capacity - used }
    /// Where the next bytes go; `take` counts them as given out.
    var free: UnsafeMutableRawPointer { base + used }

    mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        precondition(count <= room, "no more is taken than there is room for")
        defer { used += count }
        return UnsafeRawBufferPointer(start: base + used, count: count)
    }

    mutating func removeAll() { used = 0 }
}
