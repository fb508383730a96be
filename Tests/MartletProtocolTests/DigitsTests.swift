import Testing

@testable import MartletProtocol

/// `Decimal`, `DecimalText` and `Hexadecimal` against what the standard library writes.
struct DigitsTests {
    /// Around every power of ten and of two, and a thousand numbers by seed.
    private static let numbers: [Int] = {
        var numbers = [0, Int.max, Int.min]
        var power = 1
        for _ in 0..<19 {
            numbers += [power - 1, power, power + 1, -power, 5 * (power / 2)]
            power = power < Int.max / 10 ? power * 10 : power
        }
        for bit in 0..<63 { numbers += [1 << bit, (1 << bit) - 1, -(1 << bit)] }
        var state: UInt64 = 42
        for _ in 0..<1_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            numbers.append(Int(truncatingIfNeeded: state >> (state & 63)))
        }
        return numbers
    }()

    private func text(_ write: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer(capacity: 1)
        write(&buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    @Test func decimalDigitsAreThoseOfTheStandardLibrary() {
        for number in Self.numbers { #expect(text { $0.append(integer: number) } == String(number)) }
    }

    /// Behind the digits stands what may follow a number, and what has the bits that the search for an end looks at.
    @Test func digitsAreReadUpToTheFirstOtherCharacter() {
        for number in Self.numbers + Array(0..<10_000) where (0..<100_000_000).contains(number) {
            let digits = Array(String(number).utf8)
            for follower: UInt8 in [0x00, 0x20, 0x2C, 0x2E, 0x2F, 0x3A, 0x5D, 0x65, 0x7F, 0x80, 0xB0, 0xFF] {
                let characters = digits + [follower] + Array(repeating: 0x39, count: 8)
                let word = characters.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
                let (value, count) = Decimal.read(word)
                guard value != number || count != digits.count else { continue }
                Issue.record("\(number) before \(follower) is read as \(value), \(count) digits")
            }
        }
        for character: UInt8 in 0...255 where !(0x30...0x39).contains(character) {
            #expect(Decimal.read(UInt64(character) | 0x3131_3131_3131_3100).count == 0)
        }
    }

    @Test func everyNumberOfFiveDigits() {
        for number in 0..<100_000 where text({ $0.append(integer: number) }) != String(number) {
            Issue.record("\(number)")
        }
    }

    @Test func hexadecimalDigitsAreThoseOfTheStandardLibrary() {
        for number in Self.numbers {
            let bits = UInt64(bitPattern: Int64(number))
            #expect(text { $0.append(hexadecimal: bits) } == String(bits, radix: 16))
        }
    }

    @Test func aTextThatIsKeptIsThatOfItsNumber() {
        var kept = DecimalText()
        for number in [0, 0, 7, 7, 1_700_000_000_000, 1_700_000_000_000, 12, Int.max, -1, -1, 0] {
            let written = text {
                $0.append(room: Decimal.room + 2) {
                    $0.append("<")
                    $0.append(&kept, number)
                    $0.append(">")
                }
            }
            #expect(written == "<\(number)>")
        }
    }
}
