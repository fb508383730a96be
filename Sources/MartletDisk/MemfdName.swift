import MartletJournal

/// The names of memfds and of what is kept for the next run: `martlet-journal-1-0000000c`, with the version of the
/// format and the number of the segment. ASCII without a colon, as systemd wants it.
enum MemfdName {
    private static let prefix = "martlet-journal-"

    static func text(_ number: UInt32, version: UInt32 = SegmentHeader.currentVersion) -> String {
        let digits = String(number, radix: 16)
        return "\(prefix)\(version)-\(String(repeating: "0", count: 8 - digits.count))\(digits)"
    }

    /// The number, if it is a name of ours in any version.
    static func number(_ name: String) -> UInt32? {
        guard name.hasPrefix(prefix) else { return nil }
        let parts = name.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let version = UInt32(parts[0]), let number = UInt32(parts[1], radix: 16),
            text(number, version: version) == name
        else { return nil }
        return number
    }
}
