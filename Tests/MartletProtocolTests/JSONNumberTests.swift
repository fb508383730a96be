import Testing

@testable import MartletProtocol

@Suite struct JSONNumberTests {
    private func read(_ text: String) throws -> JSONNumber {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var scanner = try #require(JSONScanner(bytes, maxDepth: 1))
            let number = try scanner.readNumber()
            #expect(scanner.place == scanner.end)
            return number
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("-7", -7), ("1.0", 1), ("1e3", 1000), ("1.5e1", 15), ("1000e-3", 1),
            ("0e9", 0),
            ("0.000e-7", 0), ("9007199254740991", 9_007_199_254_740_991), ("-9007199254740991", -9_007_199_254_740_991),
            ("9007199254740992", nil), ("1e16", nil), ("1.5", nil), ("1e-1", nil), ("1e999999999999", nil),
            ("0e999999999999", 0), ("1e-999999999999", nil), ("12345678901234567890", nil),
            ("1.00000000000000000000000", 1),
            ("1.00000000000000000000001", nil), ("10000000000000000000000000e-22", 1000), ("0.1e1", 1),
            ("123.4500e2", 12345),
            ("18446744073709551616", nil), ("0.00000000000000000000000000005e29", 5),
        ] as [(String, Int?)]
    )
    func integersAreReadWhateverTheirSpelling(_ text: String, _ value: Int?) throws {
        #expect(try read(text).integer == value)
    }

    @Test(
        arguments: [
            ("0", 0), ("1", 1000), ("0.001", 1), ("0.0004", 1), ("1e-300", 1), ("0.0015", 2), ("0.0014", 1),
            ("1.5", 1500),
            ("2.0004", 2000), ("2.0005", 2001), ("3600", 3_600_000), ("1e20", nil), ("-1", -1000), ("0.0000", 0),
            ("-0", 0),
            ("1.23456789012345678901234567890", 1235), ("1e-25", 1), ("12e2", 1_200_000), ("1e99999999999", nil),
            ("315360000", 315_360_000_000), ("0.00049999999999999999999999999", 1), ("1.00049999999999999999999", 1000),
        ] as [(String, Int?)]
    )
    func secondsBecomeMilliseconds(_ text: String, _ value: Int?) throws {
        #expect(try read(text).milliseconds == value)
    }

    @Test(arguments: ["0", "0.1", "0.25", "1.5e3", "123456.789", "1e22", "1e-7", "-2.5", "100", "3.14159265358979"])
    func fractionsAreReadAsSwiftReadsThem(_ text: String) throws {
        let expected = try #require(Double(text))
        #expect(abs(try read(text).double - expected) <= expected.magnitude.ulp)
    }
}
