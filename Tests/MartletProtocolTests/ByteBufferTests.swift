import Testing

@testable import MartletProtocol

@Suite struct ByteBufferTests {
    private func written(capacity: Int = 1, _ write: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer(capacity: capacity)
        write(&buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    @Test func integersAreWrittenAsSwiftWritesThem() {
        var numbers = [0, 1, -1, .max, .min, 1 << 53 - 1]
        var power = 1
        for _ in 0..<18 {
            power *= 10
            numbers += [power - 1, power, power + 1, -power]
        }
        for number in numbers { #expect(written { $0.append(integer: number) } == String(number)) }
        for number in [0, 9, 10, 15, 16, 255, 256, UInt64.max] {
            #expect(written { $0.append(hexadecimal: number) } == String(number, radix: 16))
        }
    }

    @Test(arguments: [
        (0, "0"), (1, "1"), (0.5, "0.5"), (1.25, "1.25"), (0.001, "0.001"), (0.0004, "0"), (-2.5, "-2.5"),
        (1000, "1000"),
        (12.05, "12.05"), (0.1, "0.1"), (99.9996, "100"), (3.007, "3.007"),
    ]) func numbersHaveThreeDecimalsAtMost(_ number: Double, _ text: String) {
        #expect(written { $0.append(number: number) } == text)
    }

    @Test func quotedTextIsJSONOfAnyLength() {
        for byte in UInt8.min..<0x80 {
            for before in [0, 1, 7, 8, 9, 15, 16, 17, 40] {
                for after in [0, 1, 8, 23] {
                    let text =
                        String(repeating: "a", count: before) + String(UnicodeScalar(byte))
                        + String(repeating: "é", count: after)
                    let json = Array(written { $0.append(quoted: text) }.utf8)
                    #expect(NaiveJSON.accepts(json))
                    let contents = Array(json.dropFirst().dropLast())
                    let decoded = [UInt8](unsafeUninitializedCapacity: contents.count + 1) { target, count in
                        count = contents.withUnsafeBytes {
                            JSONText.decode($0, into: UnsafeMutableRawBufferPointer(target))
                        }
                    }
                    #expect(decoded == Array(text.utf8))
                }
            }
        }
        #expect(written { $0.append(quoted: "") } == "\"\"")
        #expect(written { $0.append(quoted: UnsafeRawBufferPointer(start: nil, count: 0)) } == "\"\"")
    }

    @Test func itGrowsAndIsCut() {
        var buffer = ByteBuffer(capacity: 1)
        for _ in 0..<1000 { buffer.append("abc") }
        #expect(buffer.count == 3000)
        buffer.removeFirst(2998)
        #expect(Array(buffer.bytes) == Array("bc".utf8))
        buffer.truncate(to: 1, keepingCapacity: 16)
        buffer.append(text: "ä")
        #expect(Array(buffer.bytes) == Array("bä".utf8))
    }
}
