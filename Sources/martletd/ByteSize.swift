/// A size in bytes as a person writes it: `65536`, `64K`, `512M`, `1GiB`. Units count in powers of 1,024.
enum ByteSize {
    static let expected = "a size such as 512M, 1GiB or 65536"

    private static let units: [(letter: Character, shift: Int)] = [("K", 10), ("M", 20), ("G", 30), ("T", 40)]

    /// Nil if it is no size, or more than an Int holds.
    static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), let shift = shift(of: text.dropFirst(digits.count)) else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
        return overflow ? nil : bytes
    }

    private static func shift(of suffix: Substring) -> Int? {
        var suffix = suffix.uppercased()
        if suffix.isEmpty || suffix == "B" { return 0 }
        if suffix.hasSuffix("IB") { suffix.removeLast(2) } else if suffix.hasSuffix("B") { suffix.removeLast() }
        guard suffix.count == 1 else { return nil }
        return units.first { String($0.letter) == suffix }?.shift
    }

    /// The largest unit that states it exactly.
    static func text(_ bytes: Int) -> String {
        guard let unit = units.last(where: { bytes > 0 && bytes % (1 << $0.shift) == 0 }) else { return "\(bytes)" }
        return "\(bytes >> unit.shift)\(unit.letter)iB"
    }
}
