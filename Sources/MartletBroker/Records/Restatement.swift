/// How far the broker has come in stating anew what stands in the oldest segments of the journal only, so that they can
/// be cut.
struct Restatement {
    /// Everything in segments before this one is stated anew.
    let target: UInt32
    /// Bytes in the journal when it began.
    let bytesBefore: Int
    /// Bytes that are still to be recorded; known only if it was seen that they fit into what room there is.
    var cost: Int?
    /// The index of the queue that comes next, and where to go on in it.
    var queue: UInt32 = 1
    var place = Place()
    var queuesAreDone = false
    /// The slot that comes next.
    var slot: UInt32 = 1

    /// How far it has come in what one queue remembers.
    struct Place {
        /// The segment in which the queue's bindings began to be stated, and the last that was; 0 and nil if none was.
        var boundFrom: UInt32 = 0
        var pattern: String?
        var areBindingsDone = false
        var dedup = 0
        var history = 0
    }
}
