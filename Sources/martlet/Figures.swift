extension Double {
    /// Seconds as a person reads them: `0.4s`, `59s`, `3m12s`, `2h05m`, `4d06h`.
    var asDuration: String {
        let whole = Int(min(rounded(), 1e15))
        func pair(_ large: Int, _ small: Int, _ units: (String, String)) -> String {
            "\(large)\(units.0)\(small < 10 ? "0" : "")\(small)\(units.1)"
        }
        switch whole {
        case ..<10: return "\(asFigure)s"
        case ..<60: return "\(whole)s"
        case ..<3600: return pair(whole / 60, whole % 60, ("m", "s"))
        case ..<86_400: return pair(whole / 3600, whole % 3600 / 60, ("h", "m"))
        default: return pair(whole / 86_400, whole % 86_400 / 3600, ("d", "h"))
        }
    }

    /// A rate or a short time: one decimal below ten, none above.
    var asFigure: String {
        guard self < 9.95 else { return String(Int(min(rounded(), 1e15))) }
        let tenths = Int((self * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths / 10).\(tenths % 10)"
    }
}

extension Int {
    /// A number of things: `1 queue`, `2 queues`.
    func counted(_ noun: String) -> String { self == 1 ? "1 \(noun)" : "\(self) \(noun)s" }

    /// Bytes as a person reads them: `17 B`, `4.2 kB`, `16 MB`.
    var asBytes: String {
        var value = Double(self)
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 1000 { return "\(value.asFigure) \(unit)" }
            value /= 1000
        }
        return "\(value.asFigure) TB"
    }
}
