/// What one connection has sent, as far as this turn has read it: its lines in the batch, and the bytes to keep.
struct Portion {
    let connection: Connection
    /// What was not yet handled when the turn began, and what was read since. Begins at the begin of a line.
    let bytes: UnsafeRawBufferPointer
    /// The bytes lie in the connection's own buffer, not in the turn's.
    let isOwn: Bool
    /// Its lines in the batch.
    var lines: Range<Int>
    /// The bytes from here on are no complete line, or must be handled later.
    var kept: Int
    /// Not bytes, but their end: the peer has sent its last.
    var isEnd = false
}
