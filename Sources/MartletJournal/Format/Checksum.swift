internal import CChecksum

/// CRC32C of memory.
enum Checksum {
    @inline(__always)
    static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt32) -> UInt32 {
        cchecksum_crc32c(seed, bytes.baseAddress, bytes.count)
    }
}
