extension SegmentName {
    /// A name that no file has had before, by all chances.
    static func newSpare(on disk: any Disk) -> SegmentName {
        .spare(UInt32(truncatingIfNeeded: disk.stamp().salt >> 16))
    }
}
