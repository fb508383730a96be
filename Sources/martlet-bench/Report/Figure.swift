/// A number that was measured.
struct Figure: Equatable {
    /// Its name in JSON, unit last: `request_p99_us`.
    let key: String
    /// Its heading in a table.
    let title: String
    let value: Double
    /// Decimals that mean something.
    let digits: Int

    init(_ key: String, _ title: String, _ value: Double, digits: Int = 0) {
        self.key = key
        self.title = title
        self.value = value
        self.digits = digits
    }

    var text: String { Self.text(value, digits: digits) }

    /// A number for people: `1,234,567` or `0.25`.
    static func text(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "-" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((abs(value) * scale).rounded())
        var whole = String(scaled / Int(scale))
        var place = whole.count - 3
        while place > 0 {
            whole.insert(",", at: whole.index(whole.startIndex, offsetBy: place))
            place -= 3
        }
        var text = value < 0 && scaled > 0 ? "-" + whole : whole
        if digits > 0 {
            let fraction = String(scaled % Int(scale))
            text += "." + String(repeating: "0", count: digits - fraction.count) + fraction
        }
        return text
    }
}
