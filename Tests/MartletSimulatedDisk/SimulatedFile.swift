/// The bytes of a file, and which of them would survive a power cut for certain.
struct SimulatedFile {
    private enum Change {
        case write([UInt8], at: Int)
        case resize(Int)
    }

    /// As they are read.
    private(set) var bytes: [UInt8] = []
    private var durable: [UInt8] = []
    private var pending: [Change] = []

    init() {}

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        durable = bytes
    }

    mutating func write(_ new: [UInt8], at offset: Int) {
        Self.put(new, at: offset, in: &bytes)
        pending.append(.write(new, at: offset))
    }

    mutating func resize(to size: Int) {
        Self.resize(&bytes, to: size)
        pending.append(.resize(size))
    }

    /// Grows, durably.
    mutating func reserve(_ size: Int) {
        Self.resize(&bytes, to: size)
        Self.resize(&durable, to: size)
    }

    mutating func sync() {
        for change in pending { Self.apply(change, to: &durable) }
        pending = []
    }

    /// What was pending will never be durable, though it is still read.
    mutating func dropPending() { pending = [] }

    func afterPowerLoss(_ chance: inout Chance, sector: Int) -> SimulatedFile {
        var survived = durable
        // From nothing to everything.
        let quarters = chance.below(5)
        for change in pending {
            switch change {
            case .resize: if chance.below(4) < quarters { Self.apply(change, to: &survived) }
            case .write(let new, let offset):
                for part in Self.sectors(new.count, at: offset, sector) where chance.below(4) < quarters {
                    let isTorn = chance.below(8) == 0
                    let kept = isTorn ? part.prefix(chance.below(part.count + 1)) : part[...]
                    Self.put(Array(new[kept]), at: offset + part.lowerBound, in: &survived)
                }
            }
        }
        return SimulatedFile(survived)
    }

    /// Parts of a write that survive or do not, each by itself.
    private static func sectors(_ count: Int, at offset: Int, _ sector: Int) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        while start < count {
            let end = min(count, (offset + start) / sector * sector + sector - offset)
            parts.append(start..<end)
            start = end
        }
        return parts
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .write(let new, let offset): put(new, at: offset, in: &bytes)
        case .resize(let size): resize(&bytes, to: size)
        }
    }

    private static func put(_ new: [UInt8], at offset: Int, in bytes: inout [UInt8]) {
        if bytes.count < offset + new.count { resize(&bytes, to: offset + new.count) }
        bytes.replaceSubrange(offset..<(offset + new.count), with: new)
    }

    private static func resize(_ bytes: inout [UInt8], to size: Int) {
        if bytes.count > size { bytes.removeLast(bytes.count - size) }
        bytes.append(contentsOf: repeatElement(0, count: size - bytes.count))
    }
}
