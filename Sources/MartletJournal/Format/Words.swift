/// Little-endian numbers at any place of raw memory.
extension UnsafeRawBufferPointer {
    @inline(__always)
    func word32(_ offset: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    func word64(_ offset: Int) -> UInt64 {
        UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Whether all bytes are zero; eight at a time, as most are.
    var isZero: Bool {
        var offset = 0
        while count - offset >= 8 {
            guard word64(offset) == 0 else { return false }
            offset += 8
        }
        return self[offset...].allSatisfy { $0 == 0 }
    }
}

extension UnsafeMutableRawBufferPointer {
    @inline(__always)
    func word32(_ offset: Int) -> UInt32 { UnsafeRawBufferPointer(self).word32(offset) }

    @inline(__always)
    func setWord32(_ offset: Int, _ value: UInt32) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    @inline(__always)
    func setWord64(_ offset: Int, _ value: UInt64) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt64.self)
    }
}
