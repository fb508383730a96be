/// What a connection does: one instance for each connection.
protocol Script: AnyObject {
    /// The connection is ready. Requests are written to its output.
    func begin(_ connection: Connection, now: Nanoseconds)

    /// A reply came. `bytes` are valid during the call; handles of what it delivered are in the connection's.
    func take(_ reply: Reply, _ bytes: UnsafeRawBufferPointer, _ connection: Connection, now: Nanoseconds)

    /// All that had come is taken; here is counted what came in one read.
    func pause(_ connection: Connection, now: Nanoseconds)

    /// A unit of the open loop is due, or there is room again.
    func wake(_ connection: Connection, now: Nanoseconds)
}
