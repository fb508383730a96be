/// What the journal takes and has done.
package struct JournalFigures: Equatable, Sendable {
    /// Bytes that the kept segments take, what is reserved and not used included; spares are not.
    package var bytes: UInt64 = 0
    /// Segments that are kept.
    package var segments = 0
    /// Number of the oldest segment that is kept.
    package var firstSegment: UInt32 = 0
    /// Segments that are prepared for later.
    package var spares = 0
    /// Bytes that can be appended into space that is reserved already, in however many appends they come.
    package var room: UInt64 = 0
    /// Bytes that can be appended at once, as far as that can be told; they need not be reserved yet.
    package var roomAtOnce = UInt64.max
    /// Bytes of something new that can be appended at once, as far as that can be told; it need not be reserved yet.
    package var roomForNew = UInt64.max
    /// Why the last attempt to get more space was in vain, and where; empty if none is missing.
    package var shortage = ""
    /// Syncs done by this run.
    package var syncs: UInt64 = 0

    package init() {}
}
