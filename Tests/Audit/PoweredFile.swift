/// The bytes of a file, and which of them survive a power cut for certain.
struct PoweredFile {
    private enum Change {
        case write([UInt8], at: Int)
        case grow(Int)
        case resize(Int)

        var isWrite: Bool { if case .write = self { true } else { false } }
    }

    /// What may be left of changes that are not durable, which are made in this order.
    enum Survivors: CaseIterable {
        case nothing, everything
        /// The first of them, the last one of these in part.
        case first
        /// Any blocks of 512 or 4096 bytes, each as it was at some time since the last sync, in no order.
        case sectors, pages
        /// Sectors, some of which are torn within.
        case tornSectors
    }

    private var durable: [UInt8]
    private var pending: [Change] = []

    init(_ bytes: [UInt8] = []) { durable = bytes }

    /// As they are read while there is power.
    var bytes: [UInt8] { pending.reduce(into: durable) { Self.apply($1, to: &$0) } }

    mutating func write(_ bytes: [UInt8], at offset: Int) { pending.append(.write(bytes, at: offset)) }
    mutating func grow(to size: Int) { pending.append(.grow(size)) }
    mutating func resize(to size: Int) { pending.append(.resize(size)) }

    mutating func sync() {
        durable = bytes
        pending = []
    }

    /// Bytes, and no more of a new size than is needed to read them.
    mutating func syncData() {
        guard let last = pending.lastIndex(where: \.isWrite) else { return }
        var left: [Change] = []
        for change in pending[...last] {
            if case .grow = change { left.append(change) } else { Self.apply(change, to: &durable) }
        }
        pending = left + pending[(last + 1)...]
    }

    func afterPowerCut(_ survivors: Survivors, _ random: inout SeededGenerator) -> [UInt8] {
        switch survivors {
        case .nothing: return durable
        case .everything: return bytes
        case .first: return afterFirst(Int.random(in: 0...pending.count, using: &random), &random)
        case .sectors: return inBlocks(of: 512, torn: false, &random)
        case .pages: return inBlocks(of: 4096, torn: false, &random)
        case .tornSectors: return inBlocks(of: 512, torn: true, &random)
        }
    }

    private func afterFirst(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        var left = pending.prefix(count).reduce(into: durable) { Self.apply($1, to: &$0) }
        guard count < pending.count, case .write(let bytes, let offset) = pending[count] else { return left }
        let part = Int.random(in: 0...bytes.count, using: &random)
        Self.apply(.write(Array(bytes.prefix(part)), at: offset), to: &left)
        return left
    }

    private func inBlocks(of size: Int, torn: Bool, _ random: inout SeededGenerator) -> [UInt8] {
        var (left, now) = (durable, durable)
        let kept = [10, 50, 90].randomElement(using: &random) ?? 50
        for change in pending {
            Self.apply(change, to: &now)
            guard case .write(let bytes, let offset) = change else {
                if random.chance(kept) { Self.apply(change, to: &left) }
                continue
            }
            // A block that is written takes along whatever was put into it before.
            for start in stride(from: offset / size * size, to: offset + bytes.count, by: size)
            where random.chance(kept) {
                var block = Array(now[start..<min(start + size, now.count)])
                if torn, random.chance(20) { block = Array(block.prefix(Int.random(in: 0...size, using: &random))) }
                Self.apply(.write(block, at: start), to: &left)
            }
        }
        return left
    }

    private static func apply(_ change: Change, to bytes: inout [UInt8]) {
        switch change {
        case .write(let new, let offset):
            if bytes.count < offset + new.count { resize(&bytes, offset + new.count) }
            bytes.replaceSubrange(offset..<(offset + new.count), with: new)
        case .grow(let size): resize(&bytes, max(size, bytes.count))
        case .resize(let size): resize(&bytes, size)
        }
    }

    private static func resize(_ bytes: inout [UInt8], _ size: Int) {
        if size < bytes.count {
            bytes.removeSubrange(size...)
        } else {
            bytes += [UInt8](repeating: 0, count: size - bytes.count)
        }
    }
}
