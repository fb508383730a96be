import Glibc
package import MartletJournal

/// Segments that are read through descriptors.
package protocol DescriptorSource: SegmentSource {}

extension DescriptorSource {
    package func size(of file: DiskFile) throws(DiskError) -> UInt64 {
        var status = stat()
        try SystemCall.check("fstat", SystemCall.path(of: file.number)) { fstat(file.number, &status) }
        return UInt64(status.st_size)
    }

    package func read(
        _ file: DiskFile,
        at offset: UInt64,
        into bytes: UnsafeMutableRawBufferPointer
    ) throws(DiskError) -> Int {
        try SystemCall.check("read", SystemCall.path(of: file.number)) {
            pread(file.number, bytes.baseAddress, bytes.count, off_t(offset))
        }
    }
}
