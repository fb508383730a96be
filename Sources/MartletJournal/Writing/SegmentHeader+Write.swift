extension SegmentHeader {
    /// Writes it to the front of a file.
    func write(to file: DiskFile, on disk: any Disk) throws(DiskError) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.size, alignment: 8)
        defer { bytes.deallocate() }
        write(to: bytes)
        try disk.write(file, at: 0, UnsafeRawBufferPointer(bytes))
    }
}
