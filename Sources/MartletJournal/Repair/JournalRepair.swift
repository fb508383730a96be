/// Makes a journal that a daemon starts with out of one that is damaged, and loses nothing that can be read.
///
/// 1. Every readable entry is written to new files, `….repairing`, numbered behind the old ones, and synced.
/// 2. `….repair`, named after the first of them, says that they are complete: from here on the repair is only finished.
/// 3. The old segments are moved into a folder, `set-aside-…`. Nothing is ever deleted but what a repair itself has
///    written and not finished.
/// 4. The new files get the names of segments, and the marker follows the old ones.
///
/// Stopped before 2, it has changed nothing that a daemon reads; stopped later, a daemon refuses to start until another
/// repair has done the rest.
package struct JournalRepair {
    private let disk: any Disk
    private let settings: FileSettings?

    /// - Parameter settings: of the new segments; nil for such as fit what is readable.
    package init(_ disk: any Disk, settings: FileSettings? = nil) {
        self.disk = disk
        self.settings = settings
    }

    /// What a repair has done.
    package struct Summary: Equatable, Sendable {
        /// What was found before; nil if only an earlier repair was finished.
        package let report: JournalReport?
        /// Where the old files are, in the journal's directory.
        package let folder: String
        /// The names of those that this run has moved there.
        package let setAside: [String]
        /// Entries in the new segments.
        package let entries: UInt64
    }

    /// Nil if there is nothing to repair.
    package func run() throws -> Summary? {
        let survey = try Survey(LenientSource(disk))
        if let marker = survey.unfinishedRepair { return try finish(marker, report: nil) }
        for case .newer(let version)? in survey.segments.map(\.defect) {
            let file = survey.segments.first { $0.defect == .newer(version) }?.name ?? ""
            throw JournalError.newerVersion(file: file, found: version, known: SegmentHeader.currentVersion)
        }
        guard let last = survey.segments.last else { return nil }
        var largest = 0
        let found = try JournalCheck.run(disk) { entry, _ in largest = max(largest, entry.count) }
        guard !found.isGood else { return nil }
        guard last.number <= Self.lastNumber else { throw RepairError.noNumbersLeft(file: last.name) }
        let first = last.number + 1
        try removeUnfinished(sparing: survey.spares)
        let settings = settings ?? FileSettings(holding: Int(found.bytes + found.entries * UInt64(Entry.headSize)))
        let marker = SegmentName.repair(first).text
        let report = try cleaningUp(survey.spares, RepairSpace(found, largest: largest, settings)) {
            let report = try rewrite(from: first, survey.spares.filter(canBeOpened), settings)
            disk.close(try disk.create(marker))
            return report
        }
        let file = try disk.open(marker)
        defer { disk.close(file) }
        try disk.sync(file)
        try disk.syncDirectory()
        return try finish(marker, report: report)
    }

    /// The highest number behind which new segments are begun: those of a daemon have to follow. No journal comes so
    /// far.
    private static let lastNumber: UInt32 = 0xF000_0000

    /// Leaves nothing of `body` if it fails, so that what it took does not make the next try fail, too.
    private func cleaningUp(
        _ spares: [String],
        _ space: RepairSpace,
        _ body: () throws -> JournalReport
    ) throws -> JournalReport {
        do { return try body() } catch {
            try? removeUnfinished(sparing: spares)
            guard let failure = error as? DiskError, failure.kind == .noSpace else { throw error }
            throw RepairError.noSpace(bytes: space.bytes, failure)
        }
    }

    /// Removes what a repair has written that was stopped before it was complete.
    private func removeUnfinished(sparing spares: [String]) throws(DiskError) {
        let unfinished = try disk.names().filter { name in
            switch SegmentName(name) {
            case .repairing: true
            case .spare: !spares.contains(name)
            case .segment, .repair, nil: false
            }
        }
        for name in unfinished { try disk.remove(name) }
        if !unfinished.isEmpty { try disk.syncDirectory() }
    }

    /// What cannot be is no reason to leave what can be read where it is.
    private func canBeOpened(_ spare: String) -> Bool {
        guard let file = try? disk.open(spare) else { return false }
        disk.close(file)
        return true
    }

    private func rewrite(
        from first: UInt32,
        _ spares: [String],
        _ settings: FileSettings
    ) throws -> JournalReport {
        let writer = try SegmentWriter(repairingFrom: first, on: disk, spares: spares, settings: settings)
        defer { writer.close() }
        var staging = Staging(SegmentLayout(segment: first, nextCapacity: settings.segmentSize))
        var batch = Batch()
        let report = try JournalCheck.run(disk) { entry, _ in
            staging.append(payload: entry)
            guard staging.batch.size > 1 << 20 else { return }
            batch = staging.take(batch)
            try writer.write(batch)
        }
        batch = staging.take(batch)
        try writer.write(batch)
        try writer.sync()
        return report
    }

    private func finish(_ marker: String, report: JournalReport?) throws -> Summary {
        guard case .repair(let first)? = SegmentName(marker) else { preconditionFailure("the marker has such a name") }
        var old: [String] = []
        var new: [UInt32] = []
        for name in try disk.names().compactMap(SegmentName.init) {
            if case .segment(let number) = name, number < first { old.append(name.text) }
            if case .repairing(let number) = name { new.append(number) }
        }
        let folder = try folder(of: first, for: old + [marker])
        for name in old { try disk.rename(name, to: "\(folder)/\(name)") }
        try disk.syncDirectory()
        for number in new.sorted() {
            try disk.rename(SegmentName.repairing(number).text, to: SegmentName.segment(number).text)
        }
        try disk.syncDirectory()
        try disk.rename(marker, to: "\(folder)/\(marker)")
        try disk.syncDirectory()
        let entries = try (report ?? JournalCheck.run(disk)).entries
        return Summary(report: report, folder: folder, setAside: old, entries: entries)
    }

    /// Where files are moved by the repair that begins with a segment: to a folder that does not hold their names.
    ///
    /// A repair that was interrupted goes on with the folder that it had: that is the last one, is not complete, and
    /// what it holds already has left the journal's directory.
    private func folder(of first: UInt32, for names: [String]) throws(DiskError) -> String {
        var folder = Self.folder(first, 1)
        guard try disk.exists(folder) else { return folder }
        var count = 2
        while try disk.exists(Self.folder(first, count)) {
            folder = Self.folder(first, count)
            count += 1
        }
        for name in names where try disk.exists("\(folder)/\(name)") { return Self.folder(first, count) }
        return folder
    }

    private static func folder(_ first: UInt32, _ count: Int) -> String {
        count == 1 ? "set-aside-\(first)" : "set-aside-\(first)-\(count)"
    }
}
