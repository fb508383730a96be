/// How far the broker has come in stating anew what stands in the oldest segments of the journal only, so that they can
/// be cut.
struct Restatement {
    /// Everything in segments before this one is stated anew.
    let target: UInt32
    /// Bytes in the journal when it began.
    let bytesBefore: Int
    /// Bytes that are still to be recorded; known only if it was seen that they fit into what room there is.
    var cost: Int?
    /// The index of the queue that comes next, then where to go on in its dedup keys and its history.
    var queue: UInt32 = 1
    var dedupPlace = 0
    var historyPlace = 0
    var queuesAreDone = false
    /// The slot that comes next.
    var slot: UInt32 = 1
}
