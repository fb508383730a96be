extension SegmentName {
    /// A name that no file has, nor has had before by all chances.
    static func newSpare(on disk: any Disk) throws(DiskError) -> SegmentName {
        while true {
            let name = SegmentName.spare(UInt32(truncatingIfNeeded: disk.stamp().salt >> 16))
            if try !disk.exists(name.text) { return name }
        }
    }
}
