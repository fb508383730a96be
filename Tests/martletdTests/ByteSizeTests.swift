import Testing

@testable import martletd

struct ByteSizeTests {
    @Test(arguments: [
        ("0", 0), ("65536", 65_536), ("64K", 65_536), ("64k", 65_536), ("512M", 512 << 20), ("1GiB", 1 << 30),
        ("2TB", 2 << 40), ("7B", 7), ("1kib", 1024),
    ])
    func reads(text: String, bytes: Int) { #expect(ByteSize.parse(text) == bytes) }

    @Test(arguments: ["", "M", "-1", "1.5M", "1 M", "1X", "1MiBB", "1IB", "9999999999T", "99999999999999999999", "١"])
    func refuses(text: String) { #expect(ByteSize.parse(text) == nil) }

    @Test(arguments: [0, 1, 1023, 1024, 1_114_112, 1 << 20, 3 << 30])
    func writesWhatItReads(bytes: Int) { #expect(ByteSize.parse(ByteSize.text(bytes)) == bytes) }
}
