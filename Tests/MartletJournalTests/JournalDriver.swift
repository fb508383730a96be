import MartletJournal
import MartletSimulatedDisk

/// Does what a file journal's thread and those who append do, one step after the other, on a simulated disk.
final class JournalDriver {
    let disk: SimulatedDisk
    var ledger: Ledger
    let writer: SegmentWriter
    private var staging: Staging
    private var batch = Batch()
    private var chance: Chance
    private var next: UInt32
    /// Makes a call again, up to three times, that has found no space.
    var triesAgain = false

    static var settings: FileSettings {
        var settings = FileSettings()
        settings.segmentSize = 1024
        return settings
    }

    /// Recovers; throws what a daemon would end with, or what is wrong with what was recovered.
    init(
        _ disk: SimulatedDisk,
        _ ledger: Ledger,
        seed: UInt64,
        next: UInt32,
        segmentSize: UInt64 = settings.segmentSize
    ) throws {
        var settings = Self.settings
        settings.segmentSize = segmentSize
        self.disk = disk
        self.ledger = ledger
        self.next = next
        chance = Chance(seed: seed)
        let (recovery, recovered, segments) = try Self.recover(disk)
        if let fault = ledger.fault(in: recovered) { throw Wrong(fault) }
        writer = try SegmentWriter(continuing: recovery, on: disk, settings: settings)
        self.ledger.goOn(with: recovered, segments: segments)
        staging = Staging(writer.layout)
    }

    struct Wrong: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    static func recover(_ disk: SimulatedDisk) throws -> (Recovery, [[UInt8]], [UInt32]) {
        let recovery = try Recovery(disk, medium: .files)
        var payloads: [[UInt8]] = []
        var segments: [UInt32] = []
        try recovery.replay { entry, segment in
            payloads.append(Array(entry))
            segments.append(segment)
        }
        return (recovery, payloads, segments)
    }

    /// Where the next append goes.
    var layout: SegmentLayout { staging.layout }
    /// The number that the next payload begins with: none is appended twice.
    var nextPayload: UInt32 { next }

    func run(turns: Int) throws(DiskError) {
        for _ in 0..<turns { try turn() }
    }

    /// A turn of the thread: some appends, a batch written and synced, and some of what else there is to do.
    func turn() throws(DiskError) {
        for _ in 0..<chance.below(3) + 1 { append(1 + chance.below(3)) }
        try writeBatch(isSynced: chance.below(5) > 0)
        if chance.below(2) == 0 { try again { () throws(DiskError) in try writer.mark() } }
        if chance.below(4) == 0 {
            let segment = staging.layout.segment
            let target = segment - min(segment, UInt32(chance.below(3)))
            ledger.cut(before: target)
            writer.cut(before: target)
        }
        var hasMore = true
        while hasMore { try again { () throws(DiskError) in hasMore = try writer.tidy() } }
        try again { () throws(DiskError) in try writer.prepareSpares(1) }
    }

    private func again(_ body: () throws(DiskError) -> Void) throws(DiskError) {
        for _ in 0..<3 {
            do throws(DiskError) {
                return try body()
            } catch {
                guard triesAgain, error.kind == .noSpace else { throw error }
            }
        }
        try body()
    }

    func append(_ count: Int) {
        let payloads = (0..<count).map { _ in
            let isLarge = chance.below(40) == 0
            defer { next += 1 }
            return Self.payload(next, size: 4 + chance.below(isLarge ? 2000 : 120))
        }
        append(payloads)
    }

    func append(payload: [UInt8]) { append([payload]) }

    private func append(_ payloads: [[UInt8]]) {
        let entries: [UInt8] = payloads.flatMap { payload in
            withUnsafeBytes(of: UInt32(payload.count).littleEndian, Array.init) + [0, 0, 0, 0] + payload
        }
        _ = entries.withUnsafeBytes { staging.append($0) }
        for payload in payloads { ledger.append(payload, segment: staging.layout.segment) }
    }

    func writeBatch(isSynced: Bool) throws(DiskError) {
        batch = staging.take(batch)
        try writeTaken(isSynced: isSynced)
    }

    /// Writes and syncs the batch that an error has left unwritten, or what has been appended if there is none.
    func writeAgain() throws(DiskError) {
        if batch.isEmpty { batch = staging.take(batch) }
        try writeTaken(isSynced: true)
    }

    private func writeTaken(isSynced: Bool) throws(DiskError) {
        for run in batch.runs { try again { () throws(DiskError) in try writer.write(run, of: batch) } }
        let count = ledger.payloads.count
        batch.removeAll()
        guard isSynced else { return }
        try writer.sync()
        ledger.durable = count
    }

    /// Fills a segment to its last byte and cuts all before it, so that later ones are in files that have been used.
    func fillAndCut() throws(DiskError) {
        append(payload: [UInt8](repeating: 0x5A + UInt8(next % 64), count: 952))
        next += 1
        try writeBatch(isSynced: true)
        ledger.cut(before: staging.layout.segment)
        writer.cut(before: staging.layout.segment)
        while try writer.tidy() {}
        try writer.prepareSpares(1)
    }

    func close() throws(DiskError) {
        try writer.sync()
        ledger.durable = ledger.payloads.count
        try writer.mark()
    }

    /// A number that never comes again, and bytes that follow from it.
    private static func payload(_ number: UInt32, size: Int) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian, Array.init)
            + (4..<size).map { UInt8(truncatingIfNeeded: UInt32($0) &* 31 &+ number) }
    }
}
