extension SegmentHeader {
    /// Writes it to the front of a file, and a terminator.
    func write(to file: DiskFile, on disk: any Disk) throws(DiskError) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.size + Entry.terminatorSize, alignment: 8)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        write(to: bytes)
        try disk.write(file, at: 0, UnsafeRawBufferPointer(bytes))
    }
}
