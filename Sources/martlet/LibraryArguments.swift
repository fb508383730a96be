// Public, because a conformance of a public type is.
public import ArgumentParser
public import MartletClient

extension Client.Direction: ExpressibleByArgument {}
extension QueueSettings.Expiry: ExpressibleByArgument {}
extension QueueSettings.Overflow: ExpressibleByArgument {}

extension Duration: @retroactive ExpressibleByArgument {
    /// Seconds (`1.5`), or a number with a unit: `250ms`, `10s`, `5m`, `2h`, `1d`.
    public init?(argument: String) {
        let units: [(suffix: String, seconds: Double)] = [
            ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("", 1),
        ]
        for unit in units where argument.hasSuffix(unit.suffix) {
            guard let number = Double(argument.dropLast(unit.suffix.count)), number.isFinite, number >= 0,
                number < 1e12
            else { return nil }
            self = .milliseconds(Int((number * unit.seconds * 1000).rounded()))
            return
        }
        return nil
    }
}
