/// Reads all of a journal, damaged or not, and says what is there. Changes nothing.
package enum JournalCheck {
    /// Calls `body` with the payload of every entry that can be read, in order, and the number of its segment.
    ///
    /// Behind damage, be bytes wrong or not to be read at all, it goes on with the entry that follows, or else with the
    /// next mark: entries in between are lost.
    /// What a power cut has left of bytes that were never synced is not read.
    @discardableResult
    package static func run(
        _ source: any SegmentSource,
        medium: JournalMedium = .files,
        _ body: (_ entry: UnsafeRawBufferPointer, _ segment: UInt32) throws -> Void = { _, _ in }
    ) throws -> JournalReport {
        var report = JournalReport()
        let source = LenientSource(source)
        let survey = try Survey(source)
        report.missing = survey.missing
        report.misfits = survey.misfits
        report.unfinishedRepair = survey.unfinishedRepair
        for segment in survey.segments {
            let reader = SalvageReader(segment, source, medium)
            report.segments.append(try reader.read { try body($0, segment.number) })
        }
        return report
    }
}
