/// How a journal in memory is kept.
package struct MemfdSettings: Equatable, Sendable {
    /// Bytes of a segment while there are few.
    package var segmentSize: UInt64 = 16 << 20
    /// Bytes behind each segment, for turns that are larger than what is left of it or come before the next one is
    /// there. They are no memory until somebody writes to them.
    package var slack: UInt64 = 16 << 20
    /// How many descriptors the keeper takes from the journal (part of `FileDescriptorStoreMax=`); 8 at least.
    package var maximumDescriptors = 64
    /// No segment gets larger than this by itself.
    package var maximumSegmentSize: UInt64 = 16 << 30

    package init() {}

    /// Segments double with every eighth part of the descriptors that is used: with 64 of 16 MiB, the last one can be
    /// reached with 32 GiB in the others.
    func size(ofNextBehind kept: Int) -> UInt64 {
        // More than were allowed before count as all.
        let doublings = min(8, 8 * kept / max(maximumDescriptors, 8))
        return min(segmentSize << UInt64(doublings), maximumSegmentSize)
    }
}
