/// A JSON number as it was written: ± mantissa × 10^exponent, exact unless digits that matter had to be left out.
struct JSONNumber: BitwiseCopyable {
    var negative = false
    /// The first 19 significant digits.
    var mantissa: UInt64 = 0
    var exponent = 0
    /// False if a digit other than 0 stands behind the first 19.
    var isExact = true

    /// 2^53 − 1: every JSON library reads integers up to here exactly.
    static let maximumInteger = 1 << 53 - 1

    /// The value as an integer within ±(2^53 − 1); nil if it has a fraction or is larger. `1.0` and `1e3` are integers.
    var integer: Int? {
        if exponent == 0, isExact, mantissa <= UInt64(Self.maximumInteger) {
            return negative ? -Int(mantissa) : Int(mantissa)
        }
        guard isExact, let (whole, rest) = scaled(by: exponent), rest == 0 else { return nil }
        guard whole <= UInt64(Self.maximumInteger) else { return nil }
        return negative ? -Int(whole) : Int(whole)
    }

    /// Seconds as milliseconds, rounded to the nearest; what is above 0 stays at least 1. Nil beyond ±(2^53 − 1).
    var milliseconds: Int? {
        guard mantissa != 0 else { return 0 }
        guard let (whole, rest) = scaled(by: exponent + 3), whole < UInt64(Self.maximumInteger) else { return nil }
        let rounded = max(1, Int(whole) + (rest >= 5 ? 1 : 0))
        return negative ? -rounded : rounded
    }

    /// Seconds as milliseconds, if they are within a range; exactly, whatever they are rounded to.
    func milliseconds(in range: ClosedRange<Int>) -> Int? {
        guard let rounded = milliseconds, range.contains(rounded) else { return nil }
        // Only at the ends can what is rounded have been outside.
        if rounded == range.lowerBound, isBelow(milliseconds: rounded) { return nil }
        if rounded == range.upperBound, isAbove(milliseconds: rounded) { return nil }
        return rounded
    }

    private func isBelow(milliseconds: Int) -> Bool {
        guard !negative, let (whole, _) = scaled(by: exponent + 3) else { return negative && mantissa != 0 }
        return whole < UInt64(milliseconds)
    }

    private func isAbove(milliseconds: Int) -> Bool {
        guard !negative, let (whole, rest) = scaled(by: exponent + 3) else { return false }
        return whole > UInt64(milliseconds) || whole == UInt64(milliseconds) && (rest > 0 || !isExact)
    }

    /// The nearest double, to within one unit in the last place for numbers of more than 15 digits.
    var double: Double {
        guard mantissa != 0 else { return 0 }
        guard exponent.magnitude <= 400 else { return exponent < 0 ? 0 : (negative ? -Double.infinity : .infinity) }
        var power = 1.0
        for _ in 0..<exponent.magnitude { power *= 10 }
        let value = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
        return negative ? -value : value
    }

    /// mantissa × 10^power: its whole part, and the first digit of its fraction (also 1 instead of 0 if only later
    /// digits are there). Nil if the whole part does not fit 64 bits.
    private func scaled(by power: Int) -> (whole: UInt64, rest: UInt64)? {
        guard mantissa != 0 else { return (0, 0) }
        if power > 0 {
            guard power <= 19 else { return nil }
            var whole = mantissa
            for _ in 0..<power {
                let (product, overflow) = whole.multipliedReportingOverflow(by: 10)
                if overflow { return nil }
                whole = product
            }
            return (whole, 0)
        }
        // 19 digits divided by ten as often are 0: what is farther down changes nothing.
        var whole = mantissa
        var digit: UInt64 = 0
        var isClean = true
        for _ in 0..<min(power.magnitude, 21) {
            isClean = isClean && digit == 0
            (whole, digit) = whole.quotientAndRemainder(dividingBy: 10)
        }
        return (whole, digit == 0 && !isClean ? 1 : digit)
    }
}

extension JSONScanner {
    /// A number, the first character of which stands at the cursor.
    mutating func readNumber() throws(Rejection) -> JSONNumber {
        var number = JSONNumber()
        if byte == UInt8(ascii: "-") {
            number.negative = true
            place += 1
        }
        if byte == UInt8(ascii: "0") {
            place += 1
            if isDigit { throw rejection(.digit) }
        } else {
            try readDigits(into: &number, isFraction: false)
        }
        if byte == UInt8(ascii: ".") {
            place += 1
            try readDigits(into: &number, isFraction: true)
        }
        if byte | 0x20 == UInt8(ascii: "e") {
            place += 1
            number.exponent += try readExponent()
        }
        return number
    }

    private var isDigit: Bool {
        @inline(__always) get { byte &- UInt8(ascii: "0") < 10 }
    }

    @inline(__always)
    private mutating func readDigits(into number: inout JSONNumber, isFraction: Bool) throws(Rejection) {
        guard isDigit else { throw rejection(.digit) }
        if !isFraction, end - place >= 8 {
            // Most numbers are short.
            let (value, count) = Decimal.read(UInt64(littleEndian: place.loadUnaligned(as: UInt64.self)))
            number.mantissa = value
            place += count
            if count < 8 { return }
        }
        var ahead = place
        // The cursor is moved once, at the end.
        defer { place = ahead }
        while ahead < end {
            let digit = UInt64(ahead.load(as: UInt8.self) &- UInt8(ascii: "0"))
            guard digit < 10 else { return }
            if number.mantissa < 1_000_000_000_000_000_000 {
                number.mantissa = number.mantissa * 10 + digit
                if isFraction { number.exponent -= 1 }
            } else {
                if digit != 0 { number.isExact = false }
                if !isFraction { number.exponent += 1 }
            }
            ahead += 1
        }
    }

    /// The exponent behind the `e`; beyond ±10^9 it stays there, which is as good as any larger one for a line that
    /// is shorter than that.
    private mutating func readExponent() throws(Rejection) -> Int {
        var negative = false
        if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") {
            negative = byte == UInt8(ascii: "-")
            place += 1
        }
        guard isDigit else { throw rejection(.digit) }
        var exponent = 0
        repeat {
            exponent = min(exponent * 10 + Int(byte &- UInt8(ascii: "0")), 1_000_000_000)
            place += 1
        } while isDigit
        return negative ? -exponent : exponent
    }
}
