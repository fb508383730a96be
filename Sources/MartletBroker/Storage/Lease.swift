/// The hold of one consumer on one message, until `deadline`.
struct Lease: BitwiseCopyable {
    /// Names this lease among all of the broker's life; second half of the receipt.
    let serial: UInt64
    let message: UInt32
    /// The session that took it; 0 once a lease with `keep` has outlived its connection.
    var session: UInt32
    /// The consumer whose credit it uses; 0 if it was taken by `receive`.
    var consumer: UInt32
    /// Neighbours among the leases of its session.
    var previous: UInt32 = 0
    var next: UInt32 = 0
    /// Whether it outlives its connection.
    let keep: Bool
}
