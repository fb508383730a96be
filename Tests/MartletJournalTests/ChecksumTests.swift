import CChecksum
import Testing

@Suite struct ChecksumTests {
    @Test func itIsTheCastagnoliChecksum() {
        #expect(checksum(Array("123456789".utf8)) == 0xE306_9283)
        #expect(checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(checksum([]) == 0)
    }

    @Test func instructionAndTablesAgreeAtEveryLengthAndPlace() {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<600).map { _ in UInt8.random(in: 0...255, using: &generator) }
        bytes.withUnsafeBytes { bytes in
            for start in 0..<9 {
                for count in 0..<(bytes.count - 9) {
                    let part = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)])
                    let seed = UInt32(truncatingIfNeeded: count &* 0x9E37_79B9)
                    #expect(
                        cchecksum_crc32c(seed, part.baseAddress, count)
                            == cchecksum_crc32c_by_tables(seed, part.baseAddress, count)
                    )
                }
            }
        }
    }

    @Test func itGoesOnFromWhatGoesBefore() {
        let bytes = Array("one journal in memory or on disk".utf8)
        for cut in bytes.indices {
            let first = checksum(Array(bytes[..<cut]))
            #expect(checksum(Array(bytes[cut...]), seed: first) == checksum(bytes))
        }
    }

    @Test func ofAnEntryItLeavesOutTheChecksumInIt() {
        for count in 8..<80 {
            let entry = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            let parts = checksum(Array(entry[8...]), seed: checksum(Array(entry[..<4]), seed: 7))
            #expect(entry.withUnsafeBytes { cchecksum_crc32c_of_entry(7, $0.baseAddress, count) } == parts)
        }
    }

    private func checksum(_ bytes: [UInt8], seed: UInt32 = 0) -> UInt32 {
        bytes.withUnsafeBytes { cchecksum_crc32c(seed, $0.baseAddress, $0.count) }
    }
}
