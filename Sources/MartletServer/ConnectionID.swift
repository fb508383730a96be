/// What a loop knows a connection by: in its table, in epoll's events, and in the runs of its outbox.
///
/// The slot is used again for later connections; the generation tells them apart, so that an event or a reply for a
/// connection that is gone reaches nobody.
struct ConnectionID: Hashable, BitwiseCopyable {
    /// The low half is the slot, the high half the generation, whose top bit stays clear: `EventSource` has other uses
    /// for it.
    let rawValue: UInt64

    init(slot: Int, generation: UInt32) {
        rawValue = UInt64(generation & (1 << 31 - 1)) << 32 | UInt64(UInt32(slot))
    }

    init(rawValue: UInt64) { self.rawValue = rawValue }

    var slot: Int { Int(UInt32(truncatingIfNeeded: rawValue)) }
    var generation: UInt32 { UInt32(rawValue >> 32) }
}
