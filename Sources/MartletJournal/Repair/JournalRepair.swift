/// Makes a journal that a daemon starts with out of one that is damaged, and loses nothing that can be read.
///
/// 1. Every readable entry is written to new files, `….repairing`, numbered behind the old ones, and synced.
/// 2. `….repair`, named after the first of them, says that they are complete: from here on the repair is only finished.
/// 3. The old segments are moved into a folder, `set-aside-…`. Nothing is ever deleted.
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
        /// Their names.
        package let setAside: [String]
    }

    /// Nil if there is nothing to repair.
    package func run() throws -> Summary? {
        let survey = try Survey(disk)
        if let marker = survey.unfinishedRepair { return try finish(marker, report: nil) }
        for case .newer(let version)? in survey.segments.map(\.defect) {
            let file = survey.segments.first { $0.defect == .newer(version) }?.name ?? ""
            throw JournalError.newerVersion(file: file, found: version, known: SegmentHeader.currentVersion)
        }
        guard let last = survey.segments.last else { return nil }
        let found = try JournalCheck.run(disk)
        guard !found.isGood else { return nil }
        let first = last.number + 1
        try setAsideLeftovers(Self.folder(first))
        let settings = settings ?? FileSettings(holding: Int(found.bytes + found.entries * UInt64(Entry.headSize)))
        let report = try rewrite(from: first, survey.spares, settings)
        let marker = SegmentName.repair(first).text
        let file = try disk.create(marker)
        defer { disk.close(file) }
        try disk.sync(file)
        try disk.syncDirectory()
        return try finish(marker, report: report)
    }

    private static func folder(_ first: UInt32) -> String { "set-aside-\(first)" }

    /// What a repair has left that was stopped before it was complete.
    private func setAsideLeftovers(_ folder: String) throws(DiskError) {
        for name in try disk.names() {
            guard case .repairing? = SegmentName(name) else { continue }
            var number = 1
            var target = "\(folder)/stopped-\(number)-\(name)"
            while try disk.exists(target) {
                number += 1
                target = "\(folder)/stopped-\(number)-\(name)"
            }
            try disk.rename(name, to: target)
        }
        try disk.syncDirectory()
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
        let folder = Self.folder(first)
        var old: [String] = []
        var new: [UInt32] = []
        for name in try disk.names().compactMap(SegmentName.init) {
            if case .segment(let number) = name, number < first { old.append(name.text) }
            if case .repairing(let number) = name { new.append(number) }
        }
        for name in old { try disk.rename(name, to: "\(folder)/\(name)") }
        try disk.syncDirectory()
        for number in new.sorted() {
            try disk.rename(SegmentName.repairing(number).text, to: SegmentName.segment(number).text)
        }
        try disk.syncDirectory()
        try disk.rename(marker, to: "\(folder)/\(marker)")
        try disk.syncDirectory()
        return Summary(report: report, folder: folder, setAside: old)
    }
}
