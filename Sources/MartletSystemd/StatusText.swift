/// One line on how the broker stands: "12 queues, 3,204 ready, 8 connections, 41k msg/s".
package struct StatusText: Equatable, Sendable {
    package var queues: Int
    package var ready: Int
    package var connections: Int
    /// Messages that come or go each second, whichever is more.
    package var rate: Double

    package init(queues: Int, ready: Int, connections: Int, rate: Double) {
        self.queues = queues
        self.ready = ready
        self.connections = connections
        self.rate = rate
    }

    package var line: String {
        "\(Self.count(queues, "queue")), \(Self.grouped(ready)) ready, \(Self.count(connections, "connection")), "
            + "\(Self.rounded(rate)) msg/s"
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Digits in groups of three: 3,204.
    private static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// Two digits or more that matter: 7, 950, 4.1k, 41k, 1.2M.
    private static func rounded(_ rate: Double) -> String {
        switch rate {
        case ..<999.5: "\(Int(rate.rounded()))"
        case ..<999_500: scaled(rate / 1000) + "k"
        default: scaled(rate / 1_000_000) + "M"
        }
    }

    private static func scaled(_ value: Double) -> String {
        guard value < 9.95 else { return "\(Int(value.rounded()))" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
