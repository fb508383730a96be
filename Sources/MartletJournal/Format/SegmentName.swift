/// The names that files of a journal have. They are made of numbers only.
package enum SegmentName: Equatable, Sendable {
    /// `0000000c.segment`: a segment with a valid header.
    case segment(UInt32)
    /// `5c7a9f31.spare`: space prepared for a segment, whatever it contains. The number is drawn by chance.
    case spare(UInt32)
    /// `0000000c.repairing`: a segment that a repair writes.
    case repairing(UInt32)
    /// `0000000c.repair`: a repair has written all of its segments, beginning with this number.
    case repair(UInt32)

    package init?(_ name: String) {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = UInt32(parts[0], radix: 16) else { return nil }
        switch parts[1] {
        case "segment": self = .segment(number)
        case "spare": self = .spare(number)
        case "repairing": self = .repairing(number)
        case "repair": self = .repair(number)
        default: return nil
        }
        guard text == name else { return nil }
    }

    package var text: String {
        switch self {
        case .segment(let number): "\(Self.padded(number)).segment"
        case .spare(let number): "\(String(number, radix: 16)).spare"
        case .repairing(let number): "\(Self.padded(number)).repairing"
        case .repair(let number): "\(Self.padded(number)).repair"
        }
    }

    private static func padded(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
