import ArgumentParser
import Glibc
import MartletBroker
import MartletJournal

/// `martletd journal …`: looking into the journal of a daemon that does not run, and making it whole.
struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Look into the journal of a daemon that does not run, or repair it.",
        subcommands: [Check.self, Repair.self, Dump.self, Export.self]
    )

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read all of it and say for each segment whether it is good. Changes nothing.",
            discussion: "Exit codes: 0 a daemon would start with it, 74 it would not."
        )
        @OptionGroup var place: JournalPlace

        func run() {
            JournalCommand.attempt { output in
                let source = try place.read()
                let report = try JournalCheck.run(source)
                for segment in report.segments { try output.write("\(segment)") }
                for finding in report.findings { try output.write(finding) }
                let obstacle = report.isGood ? Self.obstacle(in: source) : nil
                if let obstacle { try output.write("\(obstacle)") }
                let isGood = report.isGood && obstacle == nil
                try output.write("\(report.entries) entries, \(report.bytes) bytes: \(isGood ? "good" : "not good")")
                if !isGood { throw ExitStatus.journal.code }
            }
        }

        /// What stops a start, although every checksum is right.
        private static func obstacle(in source: any SegmentSource) -> (any Error)? {
            do {
                _ = try StoredBroker.read(source)
                return nil
            } catch {
                return error
            }
        }
    }

    struct Repair: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep everything that can be read, and set the damaged files aside.",
            discussion: """
                No segment is deleted. It may be stopped at any time and run again. Exit codes: 0 a daemon would start \
                with it, 65 the same, but nothing at all was readable, 74 it could not be repaired.
                """
        )
        @OptionGroup var place: JournalPlace

        func run() {
            JournalCommand.attempt { output in
                let disk = try place.open()
                guard let summary = try JournalRepair(disk).run() else {
                    // What is whole and means nothing here was written by another release, which may understand it.
                    _ = try StoredBroker.read(disk)
                    return try output.write("nothing to repair")
                }
                for segment in summary.report?.segments ?? [] { try output.write("\(segment)") }
                for finding in summary.report?.findings ?? [] { try output.write(finding) }
                try tell(summary, output)
            }
        }

        private func tell(_ summary: JournalRepair.Summary, _ output: LineOutput) throws {
            let files = summary.setAside.joined(separator: ", ")
            try output.write(
                "repaired: \(summary.entries) entries are kept; the old files are in \(place.path)/\(summary.folder): "
                    + files
            )
            guard summary.entries > 0 else {
                try output.write("nothing at all was readable: a daemon would begin with an empty journal")
                throw ExitStatus.data.code
            }
            try output.write(
                "what was deleted by a damaged part is there again: `martletd journal export` lists all messages"
            )
        }
    }

    struct Dump: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print its records, one JSON object a line, as far as they can be read."
        )
        @OptionGroup var place: JournalPlace

        func run() {
            JournalCommand.attempt { output in
                let report = try JournalCheck.run(place.read()) { entry, segment in
                    var records = try RecordText(entry: entry)
                    while let record = try records.next() {
                        try output.write("{\"segment\":\(segment),\"at\":\(records.wall),\(record.dropFirst())")
                    }
                }
                if !report.isGood { throw ExitStatus.journal.code }
            }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the messages that a daemon would start with, one JSON object a line."
        )
        @OptionGroup var place: JournalPlace

        func run() {
            JournalCommand.attempt { output in
                let broker = try StoredBroker.read(place.read())
                try broker.forEachMessage { try output.write(String(decoding: $0, as: UTF8.self)) }
            }
        }
    }

    /// Does it, or says on standard error why not and ends with a status that says so too.
    private static func attempt(_ body: (LineOutput) throws -> Void) {
        let output = LineOutput(STDOUT_FILENO)
        do {
            var code = ExitCode.success
            do { try body(output) } catch let failure as ExitCode { code = failure }
            try output.flush()
            if code != .success { Glibc.exit(code.rawValue) }
        } catch {
            // Those who read it see how far it went.
            try? output.flush()
            let line = Array("martletd: \(error)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
            Glibc.exit(ExitStatus.journal.rawValue)
        }
    }
}

extension ExitStatus {
    fileprivate var code: ExitCode { ExitCode(rawValue) }
}
