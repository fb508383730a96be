import MartletProtocol
import Testing

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
