/// One thing that was done to files, as `Tests/Faults/power.c` writes it down.
enum PowerStep {
    /// A file is known by its number (the inode's), names by their path below the disk's root.
    case create(String, file: UInt64)
    case makeFolder(String)
    case rename(String, to: String)
    case unlink(String)
    case write(file: UInt64, at: Int, [UInt8])
    /// To this size at least.
    case grow(file: UInt64, Int)
    case resize(file: UInt64, Int)
    /// `fdatasync`
    case syncData(file: UInt64)
    /// `fsync` of a file
    case sync(file: UInt64)
    case syncFolder(String)

    struct Unreadable: Error {}

    /// All that is written down. A process that was killed while it did so has done the last one in part.
    static func read(_ trace: [UInt8]) throws -> (steps: [PowerStep], isWhole: Bool) {
        var steps: [PowerStep] = []
        var rest = trace[...]
        while !rest.isEmpty {
            guard let step = try Self.next(&rest) else { return (steps, false) }
            steps.append(step)
        }
        return (steps, true)
    }

    private static let headSize = 40

    private static func next(_ rest: inout ArraySlice<UInt8>) throws -> PowerStep? {
        guard rest.count >= headSize else { return nil }
        let head = rest.prefix(headSize)
        let number = { (place: Int, size: Int) -> UInt64 in
            let start = head.startIndex + place
            return head[start..<(start + size)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        let sizes = [Int(number(4, 4)), Int(number(8, 4)), Int(number(32, 8))]
        guard rest.count >= headSize + sizes.reduce(0, +) else { return nil }
        rest = rest.dropFirst(headSize)
        let parts = sizes.map { size in
            defer { rest = rest.dropFirst(size) }
            return rest.prefix(size)
        }
        let name = String(decoding: parts[0], as: UTF8.self)
        let (file, place) = (number(16, 8), Int(number(24, 8)))
        switch Character(Unicode.Scalar(UInt8(number(0, 4)))) {
        case "c": return .create(name, file: file)
        case "d": return .makeFolder(name)
        case "r": return .rename(name, to: String(decoding: parts[1], as: UTF8.self))
        case "u": return .unlink(name)
        case "w": return .write(file: file, at: place, Array(parts[2]))
        case "g": return .grow(file: file, place)
        case "t": return .resize(file: file, place)
        case "s": return .syncData(file: file)
        case "S": return .sync(file: file)
        case "D": return .syncFolder(name)
        default: throw Unreadable()
        }
    }
}
