/// What makes one use of a segment different from every other: the journal itself knows neither clock nor chance.
package struct SegmentStamp: Equatable, Sendable {
    /// Drawn by chance.
    package let salt: UInt64
    /// Wall time, milliseconds since 1970.
    package let milliseconds: UInt64

    package init(salt: UInt64, milliseconds: UInt64) {
        self.salt = salt
        self.milliseconds = milliseconds
    }
}
